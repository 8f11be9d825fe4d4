import fc from 'fast-check';
import {
  type GraphQLInputType,
  type GraphQLNamedType,
  GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isUnionType,
} from 'graphql';
import { createSchema } from '../../src/schema/schema.ts';
import { anyText } from './texts.ts';

export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const schema: GraphQLSchema = createSchema();
const maxDepth = 6;

/**
 * Operations over the real schema, most of them valid: any fields, aliases, fragments, directives, and values written
 * into the document or handed over as variables. Some values are of the wrong type, some UUIDs are of no script.
 */
export function operations(uuids: readonly string[]): fc.Arbitrary<Operation> {
  return fc.gen().map((draw) => {
    const declarations: string[] = [];
    const fragments: string[] = [];
    const variables: Record<string, unknown> = {};
    const chance = (percent: number) => draw(fc.integer, { min: 1, max: 100 }) <= percent;
    const oneOf = <T>(...choices: readonly T[]): T => choices[draw(fc.nat, choices.length - 1)] as T;
    const text = () => draw(() => anyText);

    const isMutation = chance(25);
    const root = isMutation ? schema.getMutationType() : schema.getQueryType();
    const selection = selectionOf(root as GraphQLObjectType, 0);
    const head = declarations.length > 0 ? `Op(${declarations.join(' ')})` : '';
    const query = [`${isMutation ? 'mutation' : 'query'} ${head} ${selection}`, ...fragments].join('\n');
    return { query, variables };

    function selectionOf(type: GraphQLObjectType, depth: number): string {
      const fields = Object.values(type.getFields());
      const count = draw(fc.integer, { min: 1, max: depth === 0 ? 2 : 5 });
      const chosen = Array.from({ length: count }, () => fieldOf(type, oneOf(...fields).name, depth));
      const selections = chosen.filter((field) => field !== '');
      const inner = selections.length > 0 ? selections.join(' ') : '__typename';
      if (depth === 0 || !chance(15)) return `{ ${inner} }`;
      if (chance(50)) return `{ ... on ${type.name} { ${inner} } }`;
      const name = `F${fragments.length}`;
      fragments.push(`fragment ${name} on ${type.name} { ${inner} }`);
      return `{ ...${name} }`;
    }

    function fieldOf(parent: GraphQLObjectType, name: string, depth: number): string {
      const field = parent.getFields()[name];
      if (field === undefined || depth > maxDepth) return '__typename';
      const args = field.args
        .filter(({ type }) => isNonNullType(type) || chance(40))
        .map((arg) => `${arg.name}: ${argumentOf(arg.type, true)}`);
      // The test looks for this field by its name.
      const alias = name !== 'totalCount' && chance(20) ? `a${draw(fc.nat, 9)}: ` : '';
      const directive = chance(8) ? ` @${oneOf('include', 'skip')}(if: ${oneOf('true', 'false')})` : '';
      const below = belowOf(getNamedType(field.type), depth);
      return `${alias}${name}${args.length > 0 ? `(${args.join(', ')})` : ''}${directive}${below}`;
    }

    function belowOf(type: GraphQLNamedType, depth: number): string {
      if (type instanceof GraphQLObjectType) return ` ${selectionOf(type, depth + 1)}`;
      if (!isUnionType(type)) return '';
      const members = type
        .getTypes()
        .map((member) => `... on ${member.name} ${selectionOf(member, depth + 1)}`);
      return ` { __typename ${members.join(' ')} }`;
    }

    /** A value as it stands in a document, now and then a variable. */
    function argumentOf(type: GraphQLInputType, mayBeVariable: boolean): string {
      if (mayBeVariable && chance(35)) {
        const name = `v${declarations.length}`;
        declarations.push(`$${name}: ${type}`);
        variables[name] = jsonOf(type);
        return `$${name}`;
      }
      return literal(jsonOf(type), type);
    }

    function jsonOf(type: GraphQLInputType): unknown {
      if (chance(3)) return draw(() => fc.jsonValue());
      if (!isNonNullType(type) && chance(5)) return null;
      const nullable = getNullableType(type) as GraphQLInputType;
      if (isListType(nullable)) {
        return Array.from({ length: draw(fc.nat, 4) }, () => jsonOf(nullable.ofType));
      }
      if (isEnumType(nullable)) return oneOf(...nullable.getValues()).name;
      if (isInputObjectType(nullable)) {
        const members = Object.values(nullable.getFields()).filter(
          (f) => isNonNullType(f.type) || chance(40),
        );
        return Object.fromEntries(members.map((member) => [member.name, jsonOf(member.type)]));
      }
      return scalar(getNamedType(nullable).name);
    }

    function scalar(name: string): unknown {
      switch (name) {
        case 'UUID':
          return chance(90) ? oneOf(...uuids) : draw(() => fc.uuid());
        case 'Int':
          return oneOf(
            0,
            1,
            2,
            50,
            -1,
            2 ** 31,
            draw(() => fc.integer()),
          );
        case 'Boolean':
          return chance(50);
        case 'DateTime':
          return oneOf('2026-01-01T00:00:00Z', '1969-12-31T23:59:59.999+14:00', '9999-12-31', text());
        case 'JSON':
        case 'JSONObject':
          return oneOf(
            draw(() => fc.jsonValue()),
            { [text()]: text() },
            {},
          );
        case '_Any':
          return { __typename: oneOf('DtraceScript', 'Host'), uuid: oneOf(...uuids, text()) };
        default:
          return text();
      }
    }

    /** @param type - tells an enum's names from texts */
    function literal(value: unknown, type: GraphQLInputType): string {
      const nullable = getNullableType(type) as GraphQLInputType;
      if (isEnumType(nullable) && typeof value === 'string') return value;
      if (Array.isArray(value)) {
        const inner = isListType(nullable) ? nullable.ofType : nullable;
        return `[${value.map((element) => literal(element, inner)).join(', ')}]`;
      }
      if (typeof value === 'object' && value !== null) {
        const fields = isInputObjectType(nullable) ? nullable.getFields() : {};
        const members = Object.entries(value)
          .filter(([name]) => /^[_A-Za-z]\w*$/.test(name))
          .map(([name, member]) => `${name}: ${literal(member, fields[name]?.type ?? type)}`);
        return `{ ${members.join(', ')} }`;
      }
      return JSON.stringify(value);
    }
  });
}

/** Texts that are nearly documents: an operation with something cut out, put in or repeated. */
export function brokenDocuments(uuids: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(
      operations(uuids),
      fc.nat(2000),
      fc.nat(40),
      fc.oneof(anyText, fc.constantFrom('{', '}', '$', '"""', '@')),
    )
    .map(([{ query }, at, length, inserted]) => {
      const start = at % (query.length + 1);
      return query.slice(0, start) + inserted.repeat(1 + (at % 3)) + query.slice(start + length);
    });
}
