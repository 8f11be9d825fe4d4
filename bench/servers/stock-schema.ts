import SchemaBuilder from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { GraphQLDateTime, GraphQLJSON, GraphQLJSONObject, GraphQLUUID } from 'graphql-scalars';
import type { DtraceScript, PrismaClient } from '../../src/store/sqlite/generated/client.ts';
import { type Caller, expectCovered, visibleTo } from './stock-caller.ts';

export interface StockContext {
  readonly caller: Caller;
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
 * The part of the gateway's schema that the workloads use, written as Pothos's and Prisma's guides show it: resolvers that
 * call the client, reading the columns that were asked for.
 */
export function createStockSchema(prisma: PrismaClient) {
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
          return prisma.dtraceScript.findUnique({ where: { uuid }, select: selected(info) });
        },
      }),
      dtraceScripts: t.field({
        type: [script],
        args: { first: t.arg.int({ required: true }) },
        resolve: (_, { first }, { caller }, info) => {
          expectCovered(caller, 'cloud', 'dtrace', 'list');
          const uuids = visibleTo(caller);
          return prisma.dtraceScript.findMany({
            ...(uuids === 'all' ? {} : { where: { uuid: { in: uuids } } }),
            orderBy: [{ createdAt: 'asc' }, { uuid: 'asc' }],
            take: first,
            select: selected(info),
          });
        },
      }),
      dtraceScriptsByUuid: t.field({
        type: [script],
        nullable: { list: false, items: true },
        args: { uuids: t.arg({ type: ['UUID'], required: true }) },
        resolve: async (_, { uuids }, { caller }, info) => {
          for (const uuid of uuids) expectCovered(caller, 'dtrace', uuid, 'get');
          const found = await prisma.dtraceScript.findMany({
            where: { uuid: { in: uuids } },
            select: selected(info),
          });
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
          await setMetadata(prisma, uuid, path, value);
          return { uuid };
        },
      }),
    }),
  });
  return builder.toSchema();
}

/**
 * Prisma cannot change a part of a document: it is read and written as a whole, and again when somebody else was quicker.
 * That is faster than a transaction around both.
 */
async function setMetadata(
  prisma: PrismaClient,
  uuid: string,
  path: readonly string[],
  value: unknown,
): Promise<void> {
  for (;;) {
    const { metadata, revision } = await prisma.dtraceScript.findUniqueOrThrow({
      where: { uuid },
      select: { metadata: true, revision: true },
    });
    const { count } = await prisma.dtraceScript.updateMany({
      where: { uuid, revision },
      data: {
        metadata: withValue(metadata, path, value) as object,
        revision: { increment: 1 },
        updatedAt: new Date(),
      },
    });
    if (count === 1) return;
  }
}

function withValue(document: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new Error('Something that is no object is in the way.');
  }
  const members = document as Readonly<Record<string, unknown>>;
  return { ...members, [key]: withValue(members[key] ?? {}, rest, value) };
}

/**
 * The columns of the fields that were asked for, as @pothos/plugin-prisma would select them. The type says all of them, as
 * nobody reads another.
 */
function selected({ fieldNodes }: GraphQLResolveInfo): Record<keyof DtraceScript, true> {
  const names = (fieldNodes[0]?.selectionSet?.selections ?? []).flatMap((selection) =>
    selection.kind === 'Field' && selection.name.value !== '__typename' ? [selection.name.value] : [],
  );
  return Object.fromEntries(['uuid', ...names].map((name) => [name, true])) as Record<
    keyof DtraceScript,
    true
  >;
}
