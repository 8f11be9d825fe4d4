import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import type { ColumnType } from '@prisma/driver-adapter-utils';
import { LRUCache } from 'lru-cache';
import { refusedStatement } from './driver-errors.ts';
import { declaredColumnType } from './values.ts';

/** The columns of a statement. A type is known if the column of a table declares it. */
export interface Columns {
  readonly names: string[];
  readonly types: readonly (ColumnType | undefined)[];
}

/** A prepared statement, to be run any number of times. */
export interface CachedStatement {
  readonly statement: StatementSyncInstance;
  columns(): Columns;
}

const maxStatements = 200;

/** Clients choose the length of statements, by columns, paths and conditions. A prepared one takes a multiple of its text. */
const maxCharacters = 1024 * 1024;
const maxStatementCharacters = 64 * 1024;

/** The prepared statements of one connection by their SQL. The least recently used statement is dropped first. */
export interface StatementCache {
  /** @throws the error of the driver for SQL that it cannot compile */
  get(sql: string): CachedStatement;
  /** The cached statements, and the characters of all of them. */
  readonly size: { readonly statements: number; readonly characters: number };
  clear(): void;
}

export function createStatementCache(database: DatabaseSyncInstance): StatementCache {
  const entries = new LRUCache<string, CachedStatement>({
    max: maxStatements,
    maxSize: maxCharacters,
    maxEntrySize: maxStatementCharacters,
    sizeCalculation: (_, sql) => sql.length + 1,
  });
  return {
    get: (sql) => {
      const known = entries.get(sql);
      if (known !== undefined) return known;
      const entry = prepare(database, sql);
      entries.set(sql, entry);
      return entry;
    },
    get size() {
      return { statements: entries.size, characters: entries.calculatedSize };
    },
    clear: () => entries.clear(),
  };
}

function prepare(database: DatabaseSyncInstance, sql: string): CachedStatement {
  // The driver gives SQLite a C string, which would end at that character.
  if (sql.includes('\0')) {
    throw refusedStatement('SQL must not contain the character U+0000');
  }
  const statement = database.prepare(sql, { returnArrays: true, readBigInts: true });
  refuseMoreThanOne(sql, statement);

  // Asking for the columns costs more than most queries. When the schema changes, SQLite recompiles the statement: named
  // columns stay the same, only `*` may mean others.
  if (sql.includes('*')) {
    return { statement, columns: () => readColumns(statement) };
  }
  let columns: Columns | undefined;
  return {
    statement,
    columns: () => {
      columns ??= readColumns(statement);
      return columns;
    },
  };
}

function readColumns(statement: StatementSyncInstance): Columns {
  const columns = statement.columns();
  return {
    names: columns.map((column) => column.name),
    types: columns.map((column) => declaredColumnType(column.type)),
  };
}

/**
 * SQLite compiles the first statement, and silently ignores the rest.
 *
 * `expandedSQL` is the compiled text, with NULL for every parameter. It has as many semicolons as the first statement.
 */
function refuseMoreThanOne(sql: string, statement: StatementSyncInstance): void {
  const compiled = statement.expandedSQL;
  if (compiled === undefined) {
    throw refusedStatement('the SQL holds no statement');
  }
  if (!compiled.endsWith(';')) return;
  const rest = sql.split(';').slice(compiled.split(';').length - 1);
  if (/\S/.test(withoutComments(rest.join(' ')))) {
    throw refusedStatement('the SQL holds more than one statement; run them one by one');
  }
}

function withoutComments(sql: string): string {
  return sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '');
}
