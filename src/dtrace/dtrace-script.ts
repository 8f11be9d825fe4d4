import type { JsonObject } from '../json/json-object.ts';

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

/**
 * A script as the text of one JSON object, for answers that only pass it on. Each member has a name and a column, or is
 * the type's name.
 */
export interface ScriptTemplate {
  readonly members: readonly (readonly [name: string, value: DtraceScriptColumn | '__typename'])[];
  /** Tells texts with other members apart. */
  readonly key: string;
}

/** @param members - with names that are letters, digits and `_`, each once */
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
