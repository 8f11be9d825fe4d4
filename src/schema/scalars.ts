import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { GraphQLDateTime, GraphQLJSON, GraphQLJSONObject, GraphQLUUID } from 'graphql-scalars';

/** UUIDs as the library writes them: in lower case, so that one script has one name in permissions and look-ups. */
export const UuidScalar = new GraphQLScalarType<string, string>({
  ...GraphQLUUID.toConfig(),
  description:
    'A UUID such as `b7c658e0-2ddb-46dd-8973-4a59ffc9957e`. Upper-case letters are accepted and read as lower-case ones.',
  // What goes out comes from the database, and has been checked on its way in.
  serialize: (value) => value as string,
  parseValue: (value) => parseUuid(value),
  parseLiteral: (node) => parseUuid(node.kind === Kind.STRING ? node.value : undefined, node),
});

const canonicalUuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** The canonical form alone, in either case: the library would take braces for a part of it. */
function parseUuid(value: unknown, nodes?: ValueNode): string {
  if (typeof value === 'string' && canonicalUuid.test(value)) return value.toLowerCase();
  const shown = typeof value === 'string' ? `: ${value}` : '.';
  throw new GraphQLError(`Value is not a valid UUID${shown}`, { nodes: nodes ?? null });
}

export const DateTimeScalar = new GraphQLScalarType<Date, Date | string>({
  ...GraphQLDateTime.toConfig(),
  // Times of scripts are passed on as the database has them.
  serialize: (value) => (typeof value === 'string' ? value : GraphQLDateTime.serialize(value)),
  parseValue: described('DateTime', (value) => storable(GraphQLDateTime.parseValue(value))),
  parseLiteral: (node, variables) => storable(GraphQLDateTime.parseLiteral(node, variables)),
  description: 'A moment in RFC 3339, to the millisecond, such as `2026-11-23T15:36:00.000Z`.',
});

export const JsonScalar = new GraphQLScalarType({
  ...GraphQLJSON.toConfig(),
  description:
    'Any JSON value. Numbers are IEEE 754 doubles: whole numbers beyond 2^53 lose their last digits, and keys of objects come back in no particular order.',
});

export const JsonObjectScalar = new GraphQLScalarType({
  ...GraphQLJSONObject.toConfig(),
  parseValue: described('JSONObject', (value) => GraphQLJSONObject.parseValue(value)),
  description: 'A JSON object. See `JSON` for what happens to very large numbers.',
});

/** Federation's own. Takes whatever comes: what is malformed is refused one by one, not with the whole request. */
export const AnyScalar = new GraphQLScalarType({
  name: '_Any',
  description: 'A representation of an entity: an object with its `__typename` and its key.',
});

/** Databases know no year 0; and a year beyond 9999, which a time zone may lead to, is written otherwise. */
function storable(time: Date): Date {
  const year = time.getUTCFullYear();
  if (year >= 1 && year <= 9999) return time;
  throw new GraphQLError('A DateTime must lie in the years 0001 to 9999, in UTC.');
}

/** Refusing a value, the library writes it into a text, which fails for values such as `{"toString": 1}`. */
function described<Value>(name: string, parse: (value: unknown) => Value): (value: unknown) => Value {
  return (value) => {
    try {
      return parse(value);
    } catch (error) {
      throw error instanceof GraphQLError ? error : new GraphQLError(`The value is no ${name}.`);
    }
  };
}
