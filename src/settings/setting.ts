import type { z } from 'zod';

/** How the text of a variable becomes a value. */
export interface Reader<T> {
  /** The values that are allowed, in words, for the documentation. */
  readonly allowed: string;
  /** Takes the text, and says "must be …" where it is wrong. */
  readonly schema: z.ZodType<T>;
}

/** One setting. Its name is its key in the table. */
export interface Setting<T = unknown> {
  /** What holds when the variable is not set, as one would write it; undefined for nothing. */
  readonly default: string | undefined;
  readonly allowed: string;
  /** One or two sentences of Markdown for `docs/configuration.md`; links are relative to `docs`. */
  readonly meaning: string;
  /** Takes the text, or undefined where the variable is not set. */
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

/** A setting that may be left out: its value is undefined then. */
export function optionalSetting<T>(reader: Reader<T>, meaning: string): Setting<T | undefined> {
  const { allowed, schema } = reader;
  return { default: undefined, allowed, meaning, schema: schema.optional() };
}

/** Picks the values of some settings out of those of all, under their names in the code. */
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
