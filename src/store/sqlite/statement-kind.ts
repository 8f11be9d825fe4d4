import { LRUCache } from 'lru-cache';

/**
 * What a statement asks of the connections:
 *
 * - `read`: changes nothing, so the reader can answer it;
 * - `write`: anything that may change rows, and may share a transaction with others;
 * - `alone`: refused or without effect inside a transaction, so it runs in a turn of its own;
 * - `control`: begins or ends a transaction, which is for Prisma's `$transaction` to do.
 */
export type StatementKind = 'read' | 'write' | 'alone' | 'control';

/** Statements that were looked at before: those of a program are few, and are run again and again. Bounded in characters. */
const known = new LRUCache<string, StatementKind>({
  max: 500,
  maxSize: 1024 * 1024,
  maxEntrySize: 64 * 1024,
  sizeCalculation: (_, sql) => sql.length + 1,
});

/** Tells the kind by the leading keyword, comments aside; in doubt, a statement is a write. */
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
      return CHANGES_ROWS.test(sql) ? 'write' : 'read';
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

/** Whether SQLite counts changed rows for a statement; for others its counter still shows an earlier one's. */
export function countsChanges(sql: string): boolean {
  switch (leadingKeyword(sql)) {
    case 'INSERT':
    case 'UPDATE':
    case 'DELETE':
    case 'REPLACE':
      return true;
    case 'WITH':
      return CHANGES_ROWS.test(sql);
    default:
      return false;
  }
}

/** Whether a script begins and ends transactions itself, or holds what a transaction does not allow. */
export function managesTransactions(script: string): boolean {
  return /\b(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA|VACUUM|ATTACH|DETACH)\b/i.test(script);
}

const CHANGES_ROWS = /\b(?:INSERT|UPDATE|DELETE|REPLACE)\b/i;

const LEADING_KEYWORD = /^(?:\s|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*([a-z]+)/i;

function leadingKeyword(sql: string): string | undefined {
  return LEADING_KEYWORD.exec(sql)?.[1]?.toUpperCase();
}
