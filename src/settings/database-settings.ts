import { databaseAddress, wholeNumber } from './readers.ts';
import { setting } from './setting.ts';

const MiB = 1024 * 1024;

export const databaseSettings = {
  DATABASE_URL: setting(
    'file:./data/dtrace.db',
    databaseAddress,
    'The database: `file:…` for SQLite, `postgres://…` for PostgreSQL, with [its parameters](operations.md#the-address-of-the-database).',
  ),
  DATABASE_TIMEOUT_MS: setting(
    '5000',
    wholeNumber(100, 600_000),
    'How long an operation waits for the database, in milliseconds. Then the answer is `SERVICE_UNAVAILABLE`. On PostgreSQL this limits all waits and attempts of an operation together. A request has a few operations: its token, its data, its audit event. After a timeout, a write may have happened, or may still happen within the same time.',
  ),
  DATABASE_POOL_SIZE: setting(
    '10',
    wholeNumber(1, 500),
    'The most connections to PostgreSQL of each process.',
  ),
  READ_CACHE_BYTES: setting(
    String(32 * MiB),
    wholeNumber(0, 64 * 1024 * MiB),
    'The approximate size of the read cache of each process, in bytes. It holds rows and their keys until the database changes. The least recently used rows are removed first. `0` turns the cache off.',
  ),
};
