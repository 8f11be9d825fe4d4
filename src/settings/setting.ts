import type { z } from 'zod';

/** Turns the text of a variable into a value. */
export interface Reader<T> {
  /** The allowed values in words, for the documentation. */
  readonly allowed: string;
  /** Parses the text. Messages begin with "must be". */
  readonly schema: z.ZodType<T>;
}

/** One setting. Its name is its key in the table. */
export interface Setting<T = unknown> {
  /** The default as the text of a variable; undefined without a default. */
  readonly default: string | undefined;
  readonly allowed: string;
  /** One or two sentences of Markdown for `docs/configuration.md`; links are relative to `docs`. */
  readonly meaning: string;
  /** Parses the text, or undefined if the variable is not set. */
  readonly schema: z.ZodType<T>;
}

/** Settings by the names of their variables. */
export type Settings = Readonly<Record<string, Setting>>;

/** The values of settings, by the names of their variables. */
export type ValuesOf<S extends Settings> = {
  readonly [Name in keyof S]: S[Name] extends Setting<infer T> ? T : never;
};

/** The values of settings, by their names in the code: `MAX_COST` is `maxCost`. */
export type Named<S extends Settings> = {
  readonly [Name in keyof S & string as CamelCase<Name>]: ValuesOf<S>[Name];
};

/** A setting that always has a value. */
export function setting<T>(fallback: string, reader: Reader<T>, meaning: string): Setting<T> {
  const { allowed, schema } = reader;
  return { default: fallback, allowed, meaning, schema: schema.prefault(fallback) };
}

/** A setting without a default: its value may be undefined. */
export function optionalSetting<T>(reader: Reader<T>, meaning: string): Setting<T | undefined> {
  const { allowed, schema } = reader;
  return { default: undefined, allowed, meaning, schema: schema.optional() };
}

/** The values of some settings, under their names in the code. */
export function named<S extends Settings>(settings: S, values: ValuesOf<S>): Named<S> {
  const entries = Object.keys(settings).map((name) => [camelCase(name), values[name]]);
  return Object.fromEntries(entries) as Named<S>;
}

type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${PascalCase<Tail>}`
  : Lowercase<S>;

type PascalCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Capitalize<Lowercase<Head>>}${PascalCase<Tail>}`
  : Capitalize<Lowercase<S>>;

function camelCase(name: string): string {
  return name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
