import { AsyncResource } from 'node:async_hooks';
import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import { inTurn } from '../../in-turn.ts';
import { columnOf } from '../scripts/script-columns.ts';
import type { SqlDatabase } from '../sql/database.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { OrderField } from '../store.ts';
import { mergeOrdered } from './merge-ordered.ts';
import { comparePlaces, type OrderedScript, orderValue } from './ordered-scripts.ts';

/** Scripts with their places, and the first number of a change that may be missing in them. */
export interface ScriptChanges {
  readonly horizon: number;
  readonly changes: OrderedScript[];
}

/** The most scripts that one statement reads: some milliseconds. */
const maxRead = 1_000;

/** Creates the reads of the places of scripts, for the cached orders. */
export function createScriptChanges(database: SqlDatabase, dialect: Dialect) {
  return {
    /** Reads a set of scripts in parts, and puts them in order. Changes between the parts are beyond the horizon. */
    async readScripts(uuids: Iterable<string>, field: OrderField): Promise<ScriptChanges> {
      const parts: Promise<ScriptChanges>[] = [];
      for (const part of chunksOf(uuids, maxRead)) {
        const readPart = AsyncResource.bind(() => readChanges(field, dialect.uuidIsOneOf(part)));
        parts.push(Promise.resolve(inTurn(readPart)));
      }
      const read = await Promise.all(parts);
      const horizon = Math.min(...read.map((part) => part.horizon));
      return { horizon, changes: await mergeInTurn(read.map((part) => part.changes)) };
    },

    /** Reads the scripts that have changed since a number, at most `limit`, the oldest change first. */
    readSince: (since: number, limit: number, field: OrderField) =>
      readChanges(field, sql`"changed_in" >= ${since} ORDER BY "changed_in" LIMIT ${limit}`),
  };

  async function readChanges(field: OrderField, condition: Sql): Promise<ScriptChanges> {
    const rows = await database.query<ChangeRow>(
      sql`SELECT h."horizon", c.* FROM (SELECT ${dialect.changeHorizon} AS "horizon") h LEFT JOIN (
        SELECT "uuid", ${columnOf(field)} AS "value", "revision" FROM "dtrace_scripts"
        WHERE ${condition}) c ON TRUE`,
      { isPlannedAnew: true },
    );
    const changes: OrderedScript[] = [];
    for (const { uuid, value, revision } of rows) {
      if (uuid !== null) changes.push({ uuid, value: orderValue(value), revision });
    }
    return { horizon: rows[0]?.horizon ?? 0, changes };
  }
}

/** The horizon with a changed script, or with no script if none has changed. */
interface ChangeRow {
  readonly uuid: string | null;
  readonly value: string | Date;
  readonly revision: number;
  readonly horizon: number;
}

/** Sorts scripts in pieces. Other requests get their turn between the pieces. */
async function mergeInTurn(parts: readonly OrderedScript[][]): Promise<OrderedScript[]> {
  let runs: OrderedScript[][] = [];
  for (const part of parts) runs.push(await inTurn(() => part.sort(comparePlaces)));
  while (runs.length > 1) {
    const longer: OrderedScript[][] = [];
    for (let index = 0; index < runs.length; index += 2) {
      const [one = [], other = []] = runs.slice(index, index + 2);
      longer.push(await inTurn(() => mergeOrdered(one, other, comparePlaces)));
    }
    runs = longer;
  }
  return runs[0] ?? [];
}

function* chunksOf<Value>(values: Iterable<Value>, size: number): Generator<Value[]> {
  let chunk: Value[] = [];
  for (const value of values) {
    if (chunk.push(value) < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
