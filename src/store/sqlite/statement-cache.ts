import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import type { ColumnType } from '@prisma/driver-adapter-utils';
import { LRUCache } from 'lru-cache';
import { refusedStatement } from './driver-errors.ts';
import { declaredColumnType } from './values.ts';

/** The columns a statement returns, each type known as far as a table declares it. */
export interface Columns {
  readonly names: string[];
  readonly types: readonly (ColumnType | undefined)[];
}

/** A prepared statement, ready to be run any number of times. */
export interface CachedStatement {
  readonly statement: StatementSyncInstance;
  columns(): Columns;
}

const maxStatements = 200;

/** Callers choose how long a statement is, by columns, paths and conditions. A prepared one takes some times its text. */
const maxCharacters = 1024 * 1024;
const maxStatementCharacters = 64 * 1024;

/** The prepared statements of one connection by their SQL, the least recently used forgotten first. */
export class StatementCache {
  readonly #database: DatabaseSyncInstance;
  readonly #entries = new LRUCache<string, CachedStatement>({
    max: maxStatements,
    maxSize: maxCharacters,
    maxEntrySize: maxStatementCharacters,
    sizeCalculation: (_, sql) => sql.length + 1,
  });

  constructor(database: DatabaseSyncInstance) {
    this.#database = database;
  }

  /** @throws what the driver throws for SQL it cannot compile */
  get(sql: string): CachedStatement {
    const known = this.#entries.get(sql);
    if (known !== undefined) return known;
    const entry = prepare(this.#database, sql);
    this.#entries.set(sql, entry);
    return entry;
  }

  /** How many statements are kept, and how many characters they have together. */
  get size(): { readonly statements: number; readonly characters: number } {
    return { statements: this.#entries.size, characters: this.#entries.calculatedSize };
  }

  clear(): void {
    this.#entries.clear();
  }
}

function prepare(database: DatabaseSyncInstance, sql: string): CachedStatement {
  // The driver hands SQLite a C string, which would end at that character.
  if (sql.includes('\0')) {
    throw refusedStatement('SQL must not contain the character U+0000');
  }
  const statement = database.prepare(sql, { returnArrays: true, readBigInts: true });
  refuseMoreThanOne(sql, statement);

  // Asking costs more than most queries. SQLite recompiles a statement by itself when the schema has changed;
  // named columns stay what they are then, and only a `*` may come to mean others.
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
 * SQLite compiles the first statement and leaves the rest, which would be dropped without a word.
 *
 * `expandedSQL` is the text it did compile, with every parameter still written as NULL: as many semicolons as
 * that has, so many belong to the first statement.
 */
function refuseMoreThanOne(sql: string, statement: StatementSyncInstance): void {
  const compiled = statement.expandedSQL;
  if (compiled === undefined) {
    throw refusedStatement('the SQL holds no statement');
  }
  if (!compiled.endsWith(';')) {
    return;
  }
  const rest = sql.split(';').slice(compiled.split(';').length - 1);
  if (/\S/.test(withoutComments(rest.join(' ')))) {
    throw refusedStatement('the SQL holds more than one statement; run them one by one');
  }
}

function withoutComments(sql: string): string {
  return sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '');
}
