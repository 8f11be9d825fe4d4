import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditAction } from '../audit/audit-event.ts';
import { NotFoundError, UnauthenticatedError } from '../errors.ts';
import { originOf } from '../http/request-facts.ts';
import { pathOf } from '../http/request-target.ts';
import { sendJson } from '../http/send-json.ts';
import type { Viewer } from '../identity/viewer.ts';
import {
  type NewScript,
  type ScriptChanges,
  type ScriptOperations,
  visibleScripts,
} from '../operations/script-operations.ts';
import type { JsonObject } from '../scripts/dtrace-script.ts';
import { stringify } from '../scripts/json-text.ts';
import { scriptTemplate } from '../scripts/script-template.ts';
import { readListing } from './listing.ts';
import { documentedMembers, pick } from './members.ts';
import { metadataPathOf } from './metadata-path.ts';
import type { OperationId } from './operations.ts';
import { type BodyName, library, metadata, script } from './schemas.ts';

/** One route of the API. A segment `$uuid` of its permission stands for the script in the path. */
export interface Route {
  /** Its name in the OpenAPI description. */
  readonly id: OperationId;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly permission: string;
  /** The action as which a refusal is recorded. */
  readonly action: AuditAction;
  /** The schema of the body that it takes; none without. */
  readonly body?: BodyName;
  handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
}

/** The order of a list, the oldest script first. */
const order = { field: 'createdAt', direction: 'asc' } as const;

/** A script as the text that answers it. */
const wholeScript = scriptTemplate(documentedMembers.map((member) => ({ name: member, column: member })));

/** "API - DTrace" of FiFo's documentation, in its order and with the permissions that it relates to each route. */
export function createRoutes(scripts: ScriptOperations): readonly Route[] {
  return [
    {
      id: 'listScripts',
      method: 'GET',
      url: library,
      permission: 'cloud->dtrace->list',
      action: 'LIST_SCRIPTS',
      handle: list,
    },
    {
      id: 'createScript',
      method: 'POST',
      url: library,
      permission: 'cloud->dtrace->create',
      action: 'CREATE_SCRIPT',
      body: 'NewScript',
      handle: create,
    },
    {
      id: 'readScript',
      method: 'GET',
      url: script,
      permission: 'dtrace->$uuid->get',
      action: 'GET_SCRIPT',
      handle: read,
    },
    {
      id: 'editScript',
      method: 'PUT',
      url: script,
      permission: 'dtrace->$uuid->edit',
      action: 'UPDATE_SCRIPT',
      body: 'ScriptChanges',
      handle: edit,
    },
    {
      id: 'deleteScript',
      method: 'DELETE',
      url: script,
      permission: 'dtrace->$uuid->delete',
      action: 'DELETE_SCRIPT',
      handle: remove,
    },
    ...[metadata, `${metadata}/*`].flatMap((url): Route[] => [
      {
        id: url === metadata ? 'setRootMetadata' : 'setMetadata',
        method: 'PUT',
        url,
        permission: 'dtrace->$uuid->edit',
        action: 'SET_METADATA',
        body: 'Metadata',
        handle: setMetadata,
      },
      {
        id: url === metadata ? 'unsetRootMetadata' : 'unsetMetadata',
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
    if (!found?.json) throw new NotFoundError(`There is no script ${uuid}.`);
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
    const path = metadataPathOf(request);
    await scripts.setMetadataMembers(origin(request), uuidOf(request), path, request.body as JsonObject);
    return reply.code(204).send();
  }

  async function unsetMetadata(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    await scripts.unsetMetadata(origin(request), uuidOf(request), metadataPathOf(request));
    return reply.code(204).send();
  }
}

/** The script that the path names, as permissions and the database write it. */
function uuidOf({ params }: FastifyRequest): string {
  return (params as { readonly uuid: string }).uuid.toLowerCase();
}

/** Routes are reached by those who hold a permission, hence signed in. */
function viewerOf({ viewer }: FastifyRequest): Viewer {
  if (viewer === null) throw new UnauthenticatedError();
  return viewer;
}

function origin(request: FastifyRequest) {
  return originOf(request, request.viewer);
}
