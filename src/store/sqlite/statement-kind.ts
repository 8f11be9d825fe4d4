import { LRUCache } from 'lru-cache';

/**
 * How a statement uses the connections:
 *
 * - `read`: changes nothing, so it runs on the reader;
 * - `write`: may change rows, and may share a transaction;
 * - `alone`: fails or has no effect inside a transaction, so it runs in a turn of its own;
 * - `control`: begins or ends a transaction, which only Prisma's `$transaction` may do.
 */
export type StatementKind = 'read' | 'write' | 'alone' | 'control';

/** The kinds of known statements. A program has few statements, and runs them again and again. Bounded in characters. */
const known = new LRUCache<string, StatementKind>({
  max: 500,
  maxSize: 1024 * 1024,
  maxEntrySize: 64 * 1024,
  sizeCalculation: (_, sql) => sql.length + 1,
});

/** Tells the kind by the first keyword after comments. An unknown statement is a write. */
export function statementKind(sql: string): StatementKind {
  let kind = known.get(sql);
  if (kind === undefined) {
    kind = readKind(sql);
    known.set(sql, kind);
  }
  return kind;
}

function readKind(sql: string): StatementKind {
  switch (leadingKeyword(sql)) {
    case 'SELECT':
      return 'read';
    case 'WITH':
      return changesRows.test(sql) ? 'write' : 'read';
    case 'PRAGMA':
    case 'VACUUM':
    case 'ATTACH':
    case 'DETACH':
      return 'alone';
    case 'BEGIN':
    case 'COMMIT':
    case 'END':
    case 'ROLLBACK':
    case 'SAVEPOINT':
    case 'RELEASE':
      return 'control';
    default:
      return 'write';
  }
}

/** Whether SQLite counts changed rows for a statement. For others, its counter still shows an earlier statement. */
export function countsChanges(sql: string): boolean {
  switch (leadingKeyword(sql)) {
    case 'INSERT':
    case 'UPDATE':
    case 'DELETE':
    case 'REPLACE':
      return true;
    case 'WITH':
      return changesRows.test(sql);
    default:
      return false;
  }
}

/** Whether a script begins and ends transactions, or holds a statement that a transaction does not allow. */
export function managesTransactions(script: string): boolean {
  return /\b(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA|VACUUM|ATTACH|DETACH)\b/i.test(script);
}

const changesRows = /\b(?:INSERT|UPDATE|DELETE|REPLACE)\b/i;

const leadingKeywordPattern = /^(?:\s|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*([a-z]+)/i;

function leadingKeyword(sql: string): string | undefined {
  return leadingKeywordPattern.exec(sql)?.[1]?.toUpperCase();
}
