import SchemaBuilder from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { GraphQLDateTime, GraphQLJSON, GraphQLJSONObject, GraphQLUUID } from 'graphql-scalars';
import type { DtraceScript } from '../../src/store/sqlite/generated/client.ts';
import { type Caller, expectCovered, visibleTo } from './stock-caller.ts';

export interface StockContext {
  readonly caller: Caller;
}

/** A column of a script, by the name of its field. */
export type Column = keyof DtraceScript;

/** Reads and writes scripts for the stock servers. Rows contain only the selected columns, although the type has all. */
export interface StockScripts {
  find(uuid: string, columns: readonly Column[]): Promise<DtraceScript | null>;
  /** The oldest scripts: of all, or of the given ones. */
  list(uuids: 'all' | string[], first: number, columns: readonly Column[]): Promise<DtraceScript[]>;
  /** The scripts that exist, in any order. */
  findMany(uuids: string[], columns: readonly Column[]): Promise<DtraceScript[]>;
  setMetadata(uuid: string, path: readonly string[], value: unknown): Promise<void>;
}

interface SchemaTypes {
  Context: StockContext;
  DefaultFieldNullability: false;
  Scalars: {
    DateTime: { Input: Date; Output: Date };
    ID: { Input: string; Output: string };
    JSON: { Input: unknown; Output: unknown };
    JSONObject: { Input: unknown; Output: unknown };
    UUID: { Input: string; Output: string };
  };
}

/**
 * The part of the gateway's schema that the workloads use, written as in Pothos's guides: resolvers read the selected
 * columns from the database.
 */
export function createStockSchema(scripts: StockScripts) {
  const builder = new SchemaBuilder<SchemaTypes>({ defaultFieldNullability: false });
  builder.addScalarType('DateTime', GraphQLDateTime);
  builder.addScalarType('JSON', GraphQLJSON);
  builder.addScalarType('JSONObject', GraphQLJSONObject);
  builder.addScalarType('UUID', GraphQLUUID);

  const script = builder.objectRef<DtraceScript>('DtraceScript').implement({
    fields: (t) => ({
      uuid: t.expose('uuid', { type: 'UUID' }),
      name: t.exposeString('name'),
      script: t.exposeString('script'),
      config: t.expose('config', { type: 'JSONObject' }),
      metadata: t.expose('metadata', { type: 'JSON', nullable: true }),
      revision: t.exposeInt('revision'),
      createdAt: t.expose('createdAt', { type: 'DateTime' }),
      updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
    }),
  });
  const written = builder.objectRef<{ readonly uuid: string }>('SetDtraceScriptMetadataPayload').implement({
    fields: (t) => ({ uuid: t.expose('uuid', { type: 'UUID' }) }),
  });

  builder.queryType({
    fields: (t) => ({
      dtraceScript: t.field({
        type: script,
        nullable: true,
        args: { uuid: t.arg({ type: 'UUID', required: true }) },
        resolve: (_, { uuid }, { caller }, info) => {
          expectCovered(caller, 'dtrace', uuid, 'get');
          return scripts.find(uuid, columnsOf(info));
        },
      }),
      dtraceScripts: t.field({
        type: [script],
        args: { first: t.arg.int({ required: true }) },
        resolve: (_, { first }, { caller }, info) => {
          expectCovered(caller, 'cloud', 'dtrace', 'list');
          return scripts.list(visibleTo(caller), first, columnsOf(info));
        },
      }),
      dtraceScriptsByUuid: t.field({
        type: [script],
        nullable: { list: false, items: true },
        args: { uuids: t.arg({ type: ['UUID'], required: true }) },
        resolve: async (_, { uuids }, { caller }, info) => {
          for (const uuid of uuids) expectCovered(caller, 'dtrace', uuid, 'get');
          const found = await scripts.findMany(uuids, columnsOf(info));
          const byUuid = new Map(found.map((row) => [row.uuid, row]));
          return uuids.map((uuid) => byUuid.get(uuid) ?? null);
        },
      }),
    }),
  });

  builder.mutationType({
    fields: (t) => ({
      setDtraceScriptMetadata: t.field({
        type: written,
        args: {
          uuid: t.arg({ type: 'UUID', required: true }),
          path: t.arg.stringList({ required: true }),
          value: t.arg({ type: 'JSON', required: true }),
        },
        resolve: async (_, { uuid, path, value }, { caller }) => {
          expectCovered(caller, 'dtrace', uuid, 'edit');
          await scripts.setMetadata(uuid, path, value);
          return { uuid };
        },
      }),
    }),
  });
  return builder.toSchema();
}

/** The key and the columns of the selected fields. */
function columnsOf({ fieldNodes }: GraphQLResolveInfo): Column[] {
  const names = (fieldNodes[0]?.selectionSet?.selections ?? []).flatMap((selection) =>
    selection.kind === 'Field' && selection.name.value !== '__typename'
      ? [selection.name.value as Column]
      : [],
  );
  return [...new Set<Column>(['uuid', ...names])];
}
