import { describe, expect, it } from 'vitest';
import {
  countsChanges,
  managesTransactions,
  statementKind,
} from '../../../src/store/sqlite/statement-kind.ts';

describe('statementKind', () => {
  it.each([
    ['SELECT 1', 'read'],
    ['  \n select 1', 'read'],
    ['/* a */ -- b\n SELECT 1', 'read'],
    ['WITH a AS (SELECT 1) SELECT * FROM a', 'read'],
    ['WITH a AS (SELECT 1) UPDATE t SET n = 1', 'write'],
    ["WITH a AS (SELECT 'delete') SELECT * FROM a", 'write'],
    ['SELECTED', 'write'],
    ['VALUES (1)', 'write'],
    ['UPDATE t SET n = (SELECT 1) RETURNING n', 'write'],
    ['INSERT INTO t SELECT 1', 'write'],
    ['CREATE TABLE t (n)', 'write'],
    ['', 'write'],
    ['-- SELECT', 'write'],
    ['/* SELECT', 'write'],
    ['PRAGMA user_version', 'alone'],
    ['vacuum', 'alone'],
    ['ATTACH x AS y', 'alone'],
    ['DETACH y', 'alone'],
    ['BEGIN', 'control'],
    ['end', 'control'],
    ['/**/ COMMIT', 'control'],
    ['ROLLBACK TO s', 'control'],
    ['SAVEPOINT s', 'control'],
    ['RELEASE s', 'control'],
  ])('of %j is %s', (sql, kind) => {
    expect(statementKind(sql)).toBe(kind);
  });

  it.each([' ', '/**/', '--\n', '/* */ '])('is told in no time after many of %j', (blank) => {
    const startMs = performance.now();
    expect(statementKind(`${blank.repeat(10_000)}!`)).toBe('write');
    expect(statementKind(`${blank.repeat(10_000)}SELECT 1`)).toBe('read');
    expect(performance.now() - startMs).toBeLessThan(1000);
  });
});

describe('countsChanges', () => {
  it.each(['INSERT', 'update', ' DELETE', 'REPLACE INTO', 'WITH a AS (SELECT 1) INSERT'])(
    'of %j is true',
    (sql) => {
      expect(countsChanges(sql)).toBe(true);
    },
  );

  it.each(['SELECT', 'CREATE TABLE', 'PRAGMA', 'WITH a AS (SELECT 1) SELECT'])('of %j is false', (sql) => {
    expect(countsChanges(sql)).toBe(false);
  });
});

describe('managesTransactions', () => {
  it.each([
    ['CREATE TABLE t (n); INSERT INTO t VALUES (1)', false],
    ['BEGIN; CREATE TABLE t (n); COMMIT', true],
    ['pragma foreign_keys = off', true],
  ])('of %j is %s', (script, expected) => {
    expect(managesTransactions(script)).toBe(expected);
  });
});
