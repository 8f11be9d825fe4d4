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
    'How long an operation waits for the database, in milliseconds; then the answer is `SERVICE_UNAVAILABLE`. On PostgreSQL it is the limit of all waits and attempts of an operation together. A request makes a few operations: its token, its data, its audit event. A write that was given up may have happened, or may still happen within that time.',
  ),
  DATABASE_POOL_SIZE: setting(
    '10',
    wholeNumber(1, 500),
    'How many connections to PostgreSQL each process opens at most.',
  ),
  READ_CACHE_BYTES: setting(
    String(32 * MiB),
    wholeNumber(0, 64 * 1024 * MiB),
    'About how many bytes of rows each process keeps in memory, keys included, until the database changes. Those that were not used for longest go first. `0` keeps nothing.',
  ),
};
