import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient as PostgresClient } from '../../src/store/postgresql/generated/client.ts';
import { createSqliteAdapter } from '../../src/store/sqlite/adapter.ts';
import { PrismaClient } from '../../src/store/sqlite/generated/client.ts';

/**
 * Prisma's client as its guides open it. On SQLite with the gateway's driver adapter: Prisma's own needs better-sqlite3,
 * which cannot be installed from a package registry alone on Node 20.
 */
export function openPrisma(): PrismaClient {
  const url = process.env.DATABASE_URL ?? '';
  if (url.startsWith('file:')) {
    return new PrismaClient({ adapter: createSqliteAdapter({ path: url.slice('file:'.length) }) });
  }
  return new PostgresClient({ adapter: new PrismaPg({ connectionString: url }) }) as unknown as PrismaClient;
}
