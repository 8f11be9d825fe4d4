/** A JSON object as it came from outside: every key is data, `__proto__` included. */
export type JsonObject = { readonly [key: string]: unknown };

/** A DTrace script of the library. */
export interface DtraceScript {
  /** Lower-case, with hyphens. */
  readonly uuid: string;
  readonly name: string;
  /** D source with `$name$` placeholders. */
  readonly script: string;
  /** Values for the placeholders. */
  readonly config: JsonObject;
  readonly metadata: JsonObject;
  /** 1 when created; grows by one with every write. */
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type DtraceScriptColumn = keyof DtraceScript;

/** Every column, in the order of the model. */
export const dtraceScriptColumns: readonly DtraceScriptColumn[] = [
  'uuid',
  'name',
  'script',
  'config',
  'metadata',
  'revision',
  'createdAt',
  'updatedAt',
];
