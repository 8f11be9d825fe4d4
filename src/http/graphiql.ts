import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, preHandlerHookHandler } from 'fastify';
import { type GraphiqlManifest, renderGraphiqlPage } from './graphiql-page.ts';

/** Where the build puts the files; the same place from `src/` and from `dist/`. */
const built = new URL('../../dist/graphiql/', import.meta.url);
const folder = '/graphiql/';

/**
 * The page may load from the gateway alone, and send to the gateway alone. The editor writes style elements and has small
 * pictures and fonts inline; scripts are files. A worker obeys the policy of its own file.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const maxAgeS = 365 * 24 * 60 * 60;

export interface Graphiql {
  /** Answers browsers that open the endpoint of GraphQL by the page. */
  readonly page: preHandlerHookHandler;
  /** The files of the page, and the bare address, which leads to it. */
  readonly routes: (server: FastifyInstance) => void;
}

/**
 * Creates GraphiQL.
 *
 * @param endpoint - that of GraphQL
 * @returns undefined where it was not built
 */
export function createGraphiql(
  endpoint: string,
  options: { readonly introspection: boolean },
): Graphiql | undefined {
  const manifest = readManifest();
  if (manifest === undefined) return undefined;
  const page = renderGraphiqlPage(manifest, folder, options);
  return {
    page: ({ method, headers }, reply, done) => {
      const isAsked = method === 'GET' || method === 'HEAD';
      if (!isAsked || !headers.accept?.includes('text/html')) return done();
      reply
        .headers({ 'content-security-policy': policy, 'cache-control': 'no-cache', vary: 'accept' })
        .type('text/html; charset=utf-8')
        .send(page);
    },
    routes: (server) => {
      server.get('/', (_, reply) => reply.redirect(endpoint, 302));
      server.register(fastifyStatic, {
        root: fileURLToPath(built),
        prefix: folder,
        preCompressed: true,
        // The name of a file changes with its contents.
        immutable: true,
        maxAge: maxAgeS * 1000,
        index: false,
        etag: false,
        lastModified: false,
        allowedPath: (path) => manifest.files.includes(path.replace(/^\//, '')),
        setHeaders: (reply) => void reply.header('content-security-policy', policy),
      });
    },
  };
}

/** Absent when the program runs from its sources and GraphiQL was not built. */
function readManifest(): GraphiqlManifest | undefined {
  const file = new URL('manifest.json', built);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
