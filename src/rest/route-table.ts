import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditAction } from '../audit/audit-event.ts';
import { scriptTemplate } from '../dtrace/script-template.ts';
import { NotFoundError, UnauthenticatedError } from '../errors.ts';
import { originOf } from '../http/request-facts.ts';
import { pathOf } from '../http/request-target.ts';
import { sendJson } from '../http/send-json.ts';
import type { Viewer } from '../identity/viewer.ts';
import type { JsonObject } from '../json/json-object.ts';
import { stringify } from '../json/json-text.ts';
import {
  type NewScript,
  type ScriptChanges,
  type ScriptOperations,
  visibleScripts,
} from '../operations/script-operations.ts';
import { readListing } from './listing.ts';
import { documentedMembers, pick } from './members.ts';
import type { OperationId } from './operations.ts';
import { readMetadataPath } from './read-metadata-path.ts';
import { type BodyName, libraryUrl, metadataUrl, scriptUrl } from './schemas.ts';

/** One route of the API. `$uuid` in its permission stands for the script in the path. */
export interface Route {
  /** Its name in the OpenAPI description. */
  readonly id: OperationId;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly permission: string;
  /** The action that a refusal is recorded as. */
  readonly action: AuditAction;
  /** The schema of the body; absent without a body. */
  readonly body?: BodyName;
  handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
}

/** The order of a list, the oldest script first. */
const order = { field: 'createdAt', direction: 'asc' } as const;

/** The template of an answer with one script. */
const wholeScript = scriptTemplate(documentedMembers.map((member) => ({ name: member, column: member })));

/** "API - DTrace" of FiFo's documentation, in its order and with its permissions. */
export function createRouteTable(scripts: ScriptOperations): readonly Route[] {
  return [
    {
      id: 'listScripts',
      method: 'GET',
      url: libraryUrl,
      permission: 'cloud->dtrace->list',
      action: 'LIST_SCRIPTS',
      handle: list,
    },
    {
      id: 'createScript',
      method: 'POST',
      url: libraryUrl,
      permission: 'cloud->dtrace->create',
      action: 'CREATE_SCRIPT',
      body: 'NewScript',
      handle: create,
    },
    {
      id: 'readScript',
      method: 'GET',
      url: scriptUrl,
      permission: 'dtrace->$uuid->get',
      action: 'GET_SCRIPT',
      handle: read,
    },
    {
      id: 'editScript',
      method: 'PUT',
      url: scriptUrl,
      permission: 'dtrace->$uuid->edit',
      action: 'UPDATE_SCRIPT',
      body: 'ScriptChanges',
      handle: edit,
    },
    {
      id: 'deleteScript',
      method: 'DELETE',
      url: scriptUrl,
      permission: 'dtrace->$uuid->delete',
      action: 'DELETE_SCRIPT',
      handle: remove,
    },
    ...[metadataUrl, `${metadataUrl}/*`].flatMap((url): Route[] => [
      {
        id: url === metadataUrl ? 'setRootMetadata' : 'setMetadata',
        method: 'PUT',
        url,
        permission: 'dtrace->$uuid->edit',
        action: 'SET_METADATA',
        body: 'Metadata',
        handle: setMetadata,
      },
      {
        id: url === metadataUrl ? 'unsetRootMetadata' : 'unsetMetadata',
        method: 'DELETE',
        url,
        permission: 'dtrace->$uuid->edit',
        action: 'UNSET_METADATA',
        handle: unsetMetadata,
      },
    ]),
  ];

  async function list(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { members, first, after, nextPage } = readListing(request);
    const visible = visibleScripts(viewerOf(request).permissions);
    const position = after === undefined ? undefined : await scripts.positionOf(after, visible, order);
    const listing = { visible, filter: {}, order, first, after: position };
    const page = await scripts.list(listing, members ?? ['uuid']);
    const last = page.scripts.at(-1);
    if (page.hasMore && last) reply.header('link', nextPage(last.uuid));
    const shown = page.scripts.map((one) => (members ? pick(one, members) : one.uuid));
    return sendJson(reply, stringify(shown));
  }

  async function create(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const viewer = viewerOf(request);
    const uuid = await scripts.create(originOf(request, viewer), request.body as NewScript, viewer.userId);
    const location = `${pathOf(request.originalUrl)}/${uuid}`;
    return sendJson(reply.code(303).header('location', location), '');
  }

  async function read(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const uuid = uuidOf(request);
    const [found] = await scripts.find([uuid], [], wholeScript);
    if (!found?.json) throw NotFoundError.named('script', uuid);
    return sendJson(reply, found.json.text);
  }

  async function edit(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    await scripts.update(origin(request), uuidOf(request), request.body as ScriptChanges);
    return reply.code(204).send();
  }

  async function remove(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    await scripts.delete(origin(request), uuidOf(request));
    return reply.code(204).send();
  }

  async function setMetadata(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const path = readMetadataPath(request);
    await scripts.setMetadataMembers(origin(request), uuidOf(request), path, request.body as JsonObject);
    return reply.code(204).send();
  }

  async function unsetMetadata(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    await scripts.unsetMetadata(origin(request), uuidOf(request), readMetadataPath(request));
    return reply.code(204).send();
  }
}

/** The UUID in the path, in lower case like in permissions and the database. */
function uuidOf({ params }: FastifyRequest): string {
  return (params as { readonly uuid: string }).uuid.toLowerCase();
}

/** Every route requires a permission, so the caller is signed in. */
function viewerOf({ viewer }: FastifyRequest): Viewer {
  if (viewer === null) throw new UnauthenticatedError();
  return viewer;
}

function origin(request: FastifyRequest) {
  return originOf(request, request.viewer);
}
