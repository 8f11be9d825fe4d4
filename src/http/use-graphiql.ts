import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Plugin } from 'graphql-yoga';
import { type GraphiqlManifest, renderGraphiqlPage } from './graphiql-page.ts';

/** Where the build puts the files; the same place from `src/` and from `dist/`. */
const built = new URL('../../dist/graphiql/', import.meta.url);
const folder = '/graphiql/';

/**
 * Nothing may be loaded from anywhere but the gateway, and nothing sent elsewhere. The editor writes style elements
 * and has its small pictures and fonts inline; scripts are files.
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

// A worker obeys the policy that its own file came with.
const guards = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ttf': 'font/ttf',
};

/** Shows GraphiQL to browsers that open the endpoint, and serves the files that it is made of. */
export function useGraphiql(endpoint: string, options: { readonly introspection: boolean }): Plugin {
  let manifest: Promise<GraphiqlManifest> | undefined;
  const readManifest = () => {
    manifest ??= readFile(new URL('manifest.json', built), 'utf8').then(JSON.parse);
    return manifest;
  };
  return {
    async onRequest({ request, url, endResponse, fetchAPI }) {
      if (request.method !== 'GET' && request.method !== 'HEAD') return;
      const accepts = (header: string, value: string) => request.headers.get(header)?.includes(value);
      if (url.pathname === endpoint && accepts('accept', 'text/html')) {
        const page = renderGraphiqlPage(await readManifest(), folder, options);
        const headers = {
          ...guards,
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'no-cache',
          vary: 'accept',
        };
        endResponse(new fetchAPI.Response(page, { headers }));
      } else if (url.pathname.startsWith(folder)) {
        const file = url.pathname.slice(folder.length);
        if (!(await readManifest()).files.includes(file)) return;
        const isCompressed = accepts('accept-encoding', 'gzip');
        const body = await readFile(new URL(isCompressed ? `${file}.gz` : file, built));
        const headers = {
          ...guards,
          'content-type': contentTypes[extname(file)] ?? 'application/octet-stream',
          // The name of a file changes with its contents.
          'cache-control': 'public, max-age=31536000, immutable',
          vary: 'accept-encoding',
          ...(isCompressed ? { 'content-encoding': 'gzip' } : {}),
        };
        endResponse(new fetchAPI.Response(body, { headers }));
      }
    },
  };
}
