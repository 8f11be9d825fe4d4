import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient as PostgresClient } from '../../src/store/postgresql/generated/client.ts';
import { createSqliteAdapter } from '../../src/store/sqlite/adapter.ts';
import { type DtraceScript, PrismaClient } from '../../src/store/sqlite/generated/client.ts';
import type { Column, StockScripts } from './stock-schema.ts';

/**
 * Opens Prisma's client as in its guides. On SQLite it uses the gateway's driver adapter: Prisma's own adapter needs
 * better-sqlite3, which cannot be installed from a package registry alone on Node 20.
 */
export function openPrisma(): PrismaClient {
  const url = process.env.DATABASE_URL ?? '';
  if (url.startsWith('file:')) {
    return new PrismaClient({ adapter: createSqliteAdapter({ path: url.slice('file:'.length) }) });
  }
  return new PostgresClient({ adapter: new PrismaPg({ connectionString: url }) }) as unknown as PrismaClient;
}

/** Reads and writes scripts with Prisma. It selects the same columns as @pothos/plugin-prisma. */
export function createPrismaScripts({ dtraceScript }: PrismaClient): StockScripts {
  return {
    find: (uuid, columns) => dtraceScript.findUnique({ where: { uuid }, select: selected(columns) }),
    list: (uuids, first, columns) =>
      dtraceScript.findMany({
        ...(uuids === 'all' ? {} : { where: { uuid: { in: uuids } } }),
        orderBy: [{ createdAt: 'asc' }, { uuid: 'asc' }],
        take: first,
        select: selected(columns),
      }),
    findMany: (uuids, columns) =>
      dtraceScript.findMany({ where: { uuid: { in: uuids } }, select: selected(columns) }),
    setMetadata: (uuid, path, value) => setMetadata(dtraceScript, uuid, path, value),
  };
}

/**
 * Prisma cannot change a part of a document. So the document is read and written as a whole, and again after a concurrent
 * write. That is faster than a transaction.
 */
async function setMetadata(
  scripts: PrismaClient['dtraceScript'],
  uuid: string,
  path: readonly string[],
  value: unknown,
): Promise<void> {
  for (;;) {
    const { metadata, revision } = await scripts.findUniqueOrThrow({
      where: { uuid },
      select: { metadata: true, revision: true },
    });
    const { count } = await scripts.updateMany({
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

function selected(columns: readonly Column[]): Record<keyof DtraceScript, true> {
  return Object.fromEntries(columns.map((name) => [name, true])) as Record<keyof DtraceScript, true>;
}
