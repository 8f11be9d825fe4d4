import type { IncomingMessage } from 'node:http';
import type { SignIn } from '../http/sign-in.ts';
import type { TimeLimit } from '../http/time-limit.ts';
import type { ScriptOperations } from '../operations/script-operations.ts';
import { findRefusal } from '../permissions/find-refusal.ts';
import { parsePermission } from '../permissions/permission.ts';
import { scriptText } from '../scripts/dtrace-script.ts';
import { documentedMembers } from './members.ts';
import { readScriptPermission, scriptPath } from './routes.ts';

const required = [parsePermission(readScriptPermission)];
const documented = scriptText(documentedMembers.map((member) => [member, member]));

/** The headers that an answer can depend on. */
const plainAccepts: ReadonlySet<string | undefined> = new Set([undefined, '*/*', 'application/json']);

/**
 * The short way for what REST is asked for most: a script, which is there, by somebody who may get it.
 *
 * @returns the body of the answer; undefined when it is for the routes to say what becomes of the request
 */
export type ShortRead = (request: IncomingMessage) => Promise<string | undefined>;

/** @param signIn - has to remember what came of a request: the routes ask again */
export function createShortRead(
  scripts: Pick<ScriptOperations, 'find'>,
  signIn: SignIn,
  inTime: TimeLimit,
): ShortRead {
  return async (request) => {
    const uuid = scriptPath.exec(request.url ?? '')?.[1]?.toLowerCase();
    if (uuid === undefined || !isPlain(request)) return undefined;
    try {
      const viewer = await signIn(request, 'REST');
      if (findRefusal(viewer, required, { uuid })) return undefined;
      const [script] = await inTime(scripts.find([uuid], [], documented));
      return script?.json?.text;
    } catch {
      // The routes meet the same, and answer it.
      return undefined;
    }
  };
}

function isPlain({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    headers.origin === undefined &&
    headers['sec-fetch-site'] === undefined &&
    plainAccepts.has(headers.accept)
  );
}
