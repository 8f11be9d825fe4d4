import type { AuditAction } from '../audit/audit-event.ts';
import { NotFoundError } from '../errors.ts';
import type { ReadBody } from '../http/read-body.ts';
import { type ScriptOperations, visibleScripts } from '../operations/script-operations.ts';
import { readListing } from './listing.ts';
import { documentedMembers, pick } from './members.ts';
import { metadataPathOf } from './metadata-path.ts';
import { readObject } from './read-object.ts';
import type { RestContext } from './rest-context.ts';
import { parseChanges, parseNewScript } from './script-input.ts';

/** One route of the API. A segment `$uuid` of its permission stands for the script in the path. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly permission: string;
  /** As what a refusal is recorded. */
  readonly action: AuditAction;
  handle(c: RestContext): Promise<Response>;
}

const hex = (digits: number) => '[0-9A-Fa-f]'.repeat(digits);
const uuid = [8, 4, 4, 4, 12].map(hex).join('-');

/** What it takes to read one script. */
export const readScriptPermission = 'dtrace->$uuid->get';

/** The addresses of one script, whose UUID is the first group. */
export const scriptPath = new RegExp(`^(?:/api/[^/?#]+)?/dtrace/(${uuid})$`);

const library = '/dtrace';
const script = `/dtrace/:uuid{${uuid}}`;
const metadata = `${script}/metadata/*`;

/** The order of a list, the oldest script first. */
const order = { field: 'createdAt', direction: 'asc' } as const;

/** "API - DTrace" of FiFo's documentation, in its order and with the permissions that it relates to each route. */
export function createRoutes(scripts: ScriptOperations, readBody: ReadBody): readonly Route[] {
  return [
    { method: 'GET', path: library, permission: 'cloud->dtrace->list', action: 'LIST_SCRIPTS', handle: list },
    {
      method: 'POST',
      path: library,
      permission: 'cloud->dtrace->create',
      action: 'CREATE_SCRIPT',
      handle: create,
    },
    { method: 'GET', path: script, permission: readScriptPermission, action: 'GET_SCRIPT', handle: read },
    { method: 'PUT', path: script, permission: 'dtrace->$uuid->edit', action: 'UPDATE_SCRIPT', handle: edit },
    {
      method: 'DELETE',
      path: script,
      permission: 'dtrace->$uuid->delete',
      action: 'DELETE_SCRIPT',
      handle: remove,
    },
    {
      method: 'PUT',
      path: metadata,
      permission: 'dtrace->$uuid->edit',
      action: 'SET_METADATA',
      handle: setMetadata,
    },
    {
      method: 'DELETE',
      path: metadata,
      permission: 'dtrace->$uuid->edit',
      action: 'UNSET_METADATA',
      handle: unsetMetadata,
    },
  ];

  async function list(c: RestContext): Promise<Response> {
    const { members, first, after, nextPage } = readListing(c);
    const visible = visibleScripts(c.var.viewer.permissions);
    const position = after === undefined ? undefined : await scripts.positionOf(after, visible, order);
    const listing = { visible, filter: {}, order, first, after: position };
    const page = await scripts.list(listing, members ?? ['uuid']);
    const last = page.scripts.at(-1);
    const headers = page.hasMore && last ? { link: nextPage(last.uuid) } : {};
    const shown = page.scripts.map((script) => (members ? pick(script, members) : script.uuid));
    return c.json(shown, 200, headers);
  }

  async function create(c: RestContext): Promise<Response> {
    const input = parseNewScript(await readObject(c.req.raw, readBody));
    const uuid = await scripts.create(c.var.origin(), input, c.var.viewer.userId);
    const location = `${c.req.path}/${uuid}`;
    return c.body(null, 303, { 'content-type': 'application/json', 'content-length': '0', location });
  }

  async function read(c: RestContext): Promise<Response> {
    const uuid = uuidOf(c);
    const [script] = await scripts.find([uuid], documentedMembers);
    if (!script) throw new NotFoundError(`There is no script ${uuid}.`);
    return c.json(pick(script, documentedMembers));
  }

  async function edit(c: RestContext): Promise<Response> {
    await scripts.update(c.var.origin(), uuidOf(c), parseChanges(await readObject(c.req.raw, readBody)));
    return c.body(null, 204);
  }

  async function remove(c: RestContext): Promise<Response> {
    await scripts.delete(c.var.origin(), uuidOf(c));
    return c.body(null, 204);
  }

  async function setMetadata(c: RestContext): Promise<Response> {
    await scripts.setMetadataMembers(
      c.var.origin(),
      uuidOf(c),
      metadataPathOf(c),
      await readObject(c.req.raw, readBody),
    );
    return c.body(null, 204);
  }

  async function unsetMetadata(c: RestContext): Promise<Response> {
    await scripts.unsetMetadata(c.var.origin(), uuidOf(c), metadataPathOf(c));
    return c.body(null, 204);
  }
}

/** The script that the path names, as permissions and the database write it; empty when the path names none. */
export function uuidOf(c: RestContext): string {
  return (c.req.param('uuid') ?? '').toLowerCase();
}
