import type { PartialScript } from '../store/store.ts';

/** The members of a script that FiFo documents, in the order of its documentation. */
export const documentedMembers = ['uuid', 'name', 'script', 'config', 'metadata'] as const;

export type DocumentedMember = (typeof documentedMembers)[number];

/** A script with only these members. */
export function pick(script: PartialScript, members: readonly DocumentedMember[]): PartialScript {
  return Object.fromEntries(members.map((member) => [member, script[member]])) as unknown as PartialScript;
}
