import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { GraphQLDateTime, GraphQLJSON, GraphQLJSONObject, GraphQLUUID } from 'graphql-scalars';

/** UUIDs in lower case, so that a script has one UUID in permissions and look-ups. */
export const UuidScalar = new GraphQLScalarType<string, string>({
  ...GraphQLUUID.toConfig(),
  description:
    'A UUID such as `b7c658e0-2ddb-46dd-8973-4a59ffc9957e`. Upper-case letters are accepted, and changed to lower case.',
  // Values come from the database. They were checked when they were written.
  serialize: (value) => value as string,
  parseValue: (value) => parseUuid(value),
  parseLiteral: (node) => parseUuid(node.kind === Kind.STRING ? node.value : undefined, node),
});

const lowerCaseUuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

/** Accepts only the canonical form, in upper or lower case: the library would accept braces. */
function parseUuid(value: unknown, nodes?: ValueNode): string {
  if (typeof value === 'string') {
    if (lowerCaseUuid.test(value)) return value;
    const lowered = value.toLowerCase();
    if (lowerCaseUuid.test(lowered)) return lowered;
  }
  const shown = typeof value === 'string' ? `: ${value}` : '.';
  throw new GraphQLError(`Value is not a valid UUID${shown}`, { nodes: nodes ?? null });
}

export const DateTimeScalar = new GraphQLScalarType<Date, Date | string>({
  ...GraphQLDateTime.toConfig(),
  // Times of scripts are answered as the database has them.
  serialize: (value) => (typeof value === 'string' ? value : GraphQLDateTime.serialize(value)),
  parseValue: withSafeMessage('DateTime', (value) => storable(GraphQLDateTime.parseValue(value))),
  parseLiteral: (node, variables) => storable(GraphQLDateTime.parseLiteral(node, variables)),
  description: 'A time in RFC 3339 with milliseconds, such as `2026-11-23T15:36:00.000Z`.',
});

export const JsonScalar = new GraphQLScalarType({
  ...GraphQLJSON.toConfig(),
  description:
    'Any JSON value. Numbers are IEEE 754 doubles: whole numbers beyond 2^53 lose their last digits. Keys of objects have no order.',
});

export const JsonObjectScalar = new GraphQLScalarType({
  ...GraphQLJSONObject.toConfig(),
  parseValue: withSafeMessage('JSONObject', (value) => GraphQLJSONObject.parseValue(value)),
  description: 'A JSON object. See `JSON` for very large numbers.',
});

/** Federation's scalar. It accepts every value: a malformed one is refused by itself, not with the whole request. */
export const AnyScalar = new GraphQLScalarType({
  name: '_Any',
  description: 'A representation of an entity: an object with `__typename` and the key.',
});

/** Databases have no year 0. A time zone can lead to a year after 9999, which is written differently. */
function storable(time: Date): Date {
  const year = time.getUTCFullYear();
  if (year >= 1 && year <= 9999) return time;
  throw new GraphQLError('A DateTime must lie in the years 0001 to 9999, in UTC.');
}

/** The library puts a refused value into a text. That fails for values such as `{"toString": 1}`. */
function withSafeMessage<Value>(name: string, parse: (value: unknown) => Value): (value: unknown) => Value {
  return (value) => {
    try {
      return parse(value);
    } catch (error) {
      throw error instanceof GraphQLError ? error : new GraphQLError(`The value is no ${name}.`);
    }
  };
}
