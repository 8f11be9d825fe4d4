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

/**
 * The members of the JSON text of a script. The text goes into the answer without parsing. Each member has a name and a
 * column, or the name of the type.
 */
export interface ScriptTemplate {
  readonly members: readonly (readonly [name: string, value: DtraceScriptColumn | '__typename'])[];
  /** Different for different members. */
  readonly key: string;
}

/** @param members - with different names of letters, digits and `_` */
export function scriptTemplate(members: ScriptTemplate['members']): ScriptTemplate {
  return { members, key: members.map((member) => member.join(':')).join() };
}

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
