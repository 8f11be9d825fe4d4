import type { JsonObject } from '../json/json-object.ts';

/** A DTrace script of the library. */
export interface DtraceScript {
  /** In lower case, with hyphens. */
  readonly uuid: string;
  readonly name: string;
  /** D source with `$name$` placeholders. */
  readonly script: string;
  /** Values of the placeholders. */
  readonly config: JsonObject;
  readonly metadata: JsonObject;
  /** 1 for a new script; each write adds 1. */
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
