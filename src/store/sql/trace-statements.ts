import type { SqlDriverAdapter, SqlQuery } from '@prisma/driver-adapter-utils';

/** Traces a statement. @param sql - the text, without values */
export type TraceStatement = <T>(sql: string, run: () => Promise<T>) => Promise<T>;

type Run = (query: SqlQuery, ...more: unknown[]) => Promise<unknown>;

/** Traces every statement of an adapter, also in transactions. */
export function traceStatements(adapter: SqlDriverAdapter, trace: TraceStatement): void {
  wrap(adapter, trace);
  const start = adapter.startTransaction.bind(adapter);
  adapter.startTransaction = async (isolationLevel) => {
    const transaction = await start(isolationLevel);
    wrap(transaction, trace);
    return transaction;
  };
}

function wrap(target: object, trace: TraceStatement): void {
  const methods = target as Record<string, Run | undefined>;
  for (const name of ['queryRaw', 'executeRaw', 'writeTogether', 'scan']) {
    const run = methods[name]?.bind(target);
    if (run) methods[name] = (query, ...more) => trace(query.sql, () => run(query, ...more));
  }
}
