import { Agent, type IncomingMessage, request as send } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { HttpServer } from '../../src/http/server.ts';

/** Sends requests over a socket. Paths are not changed; redirects are not followed. */
export type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

const agent = new Agent({ keepAlive: true });
const listening = new WeakMap<HttpServer, Promise<URL>>();

/** Creates a function like `fetch` for a gateway. The gateway listens from the first request on. */
export function fetchFrom(gateway: HttpServer): Fetch {
  return async (path, { method = 'GET', headers, body } = {}) => {
    const address = listening.get(gateway) ?? listen(gateway);
    listening.set(gateway, address);
    const { hostname, port } = await address;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = Object.fromEntries(new Headers(headers));
      const request = send({ agent, hostname, port, path, method, headers: sent }, resolve);
      request.on('error', reject);
      request.end(body ?? undefined);
    });
    const content = new Uint8Array(await buffer(answer));
    const hasBody = method !== 'HEAD' && content.length > 0;
    const { statusCode: status = 0 } = answer;
    return new Response(hasBody ? content : null, { status, headers: headersOf(answer) });
  };
}

async function listen(gateway: HttpServer): Promise<URL> {
  const { url } = await gateway.listen('127.0.0.1', 0);
  // A test need not close its requests.
  gateway.server.server.unref();
  return new URL(url);
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  }
  return headers;
}
