import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { AuditAction, Origin } from '../audit/audit-event.ts';
import type { Viewer } from '../identity/viewer.ts';
import type { Permission } from '../permissions/permission.ts';

/** The API that a route belongs to: it decides the form of errors, and who is let in. `page` is everything else. */
export type Face = 'graphql' | 'rest' | 'page';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who makes the request; null without a token, and until the sign-in. */
    viewer: Viewer | null;
  }
  interface FastifyContextConfig {
    /** `page` where a route does not say. */
    readonly face?: Face;
    /** The permission that the route requires, and the action as which a refusal is recorded. */
    readonly requires?: { readonly permission: Permission; readonly action: AuditAction };
    /** Whether pages of other sites may open the route. */
    readonly opensToPages?: boolean;
  }
}

/** What identifies a request in the log, in errors and in the audit trail. */
export interface RequestFacts {
  /** Also the answer's `x-request-id`. */
  readonly id: string;
  /** The client's address, as far as proxies are trusted; null when the connection has none. */
  readonly address: string | null;
}

/** The id of a request: the one that a proxy sent, or a new one. An id with unusual characters could forge log lines. */
export function idOf({ headers }: IncomingMessage): string {
  const sent = headers['x-request-id'];
  return typeof sent === 'string' && /^[\w.:-]{1,128}$/.test(sent) ? sent : randomUUID();
}

export function factsOf(request: FastifyRequest): RequestFacts {
  return { id: request.id, address: addressOf(request) };
}

export function faceOf(request: FastifyRequest): Face {
  return request.routeOptions.config?.face ?? 'page';
}

/** Who makes a request, and from where, for the audit trail. */
export function originOf(request: FastifyRequest, viewer: Viewer | null): Origin {
  return {
    via: faceOf(request) === 'graphql' ? 'GRAPHQL' : 'REST',
    requestId: request.id,
    address: addressOf(request),
    userId: viewer?.userId ?? null,
    userName: viewer?.name ?? null,
    tokenId: viewer?.token.id ?? null,
  };
}

/** A forwarded text may be no address. Then the proxy's own address is used. */
function addressOf(request: FastifyRequest): string | null {
  const address = isIP(request.ip) ? request.ip : request.socket.remoteAddress;
  // An IPv4 address on a socket for IPv4 and IPv6.
  return (address?.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address) ?? null;
}
