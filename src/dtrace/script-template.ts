import type { DtraceScriptColumn } from './dtrace-script.ts';

/** A member of a JSON object: the value of a column, or a constant as JSON text. */
export type TemplateMember =
  | { readonly name: string; readonly column: DtraceScriptColumn }
  | { readonly name: string; readonly constant: string };

/** How to write a script as the text of one JSON object, for answers that only pass it on. */
export interface ScriptTemplate {
  readonly members: readonly TemplateMember[];
  /** The columns that the members need. */
  readonly columns: readonly DtraceScriptColumn[];
  /** Equal for templates that write the same text. */
  readonly key: string;
}

/** @param members - each name once, of letters, digits and `_` */
export function scriptTemplate(members: readonly TemplateMember[]): ScriptTemplate {
  return {
    members,
    columns: members.flatMap((member) => ('column' in member ? [member.column] : [])),
    key: members
      .map((member) => `${member.name}:${'column' in member ? member.column : `=${member.constant}`}`)
      .join(),
  };
}
