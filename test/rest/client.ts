import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Person, type World, withoutRequestId } from '../support/world.ts';

export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into answers of every shape
  readonly body: any;
}

export interface RestRequest {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a text is sent as it is. */
  readonly body?: unknown;
}

/** Sends one request to the REST API as somebody: a person, a token, or nobody (null). */
export async function send(
  world: Pick<World, 'fetch' | 'tokens'>,
  as: Person | { readonly token: string } | null,
  method: string,
  path: string,
  { headers = {}, body }: RestRequest = {},
): Promise<RestAnswer> {
  const token = as === null ? null : typeof as === 'string' ? world.tokens[as] : as.token;
  const response = await world.fetch(path, {
    method,
    headers: {
      accept: 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const answered = text === '' ? undefined : JSON.parse(text);
  if (answered?.error !== undefined) answered.error = withoutRequestId(answered.error, response);
  return { status: response.status, headers: response.headers, body: answered };
}

/** What an answer says that went wrong. */
export function errorOf({ status, body }: RestAnswer): { status: number; code: string; message: string } {
  return { status, code: body.error.code, message: body.error.message };
}

/**
 * Sends bytes to a server over a connection of their own, and reads one answer.
 *
 * @returns its head, and its body, which must have a content-length
 */
export async function exchange(url: string, ...chunks: (string | Uint8Array)[]) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const answered = readAnswer(socket);
  for (const chunk of chunks) {
    if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), answered]);
  }
  const [head, body] = await answered;
  socket.destroy();
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  return { statusLine, headers, body };
}

async function readAnswer(socket: Socket): Promise<readonly [head: string, body: string]> {
  let answer = '';
  for await (const data of socket.setEncoding('latin1')) {
    answer += data;
    const [head, body] = answer.split(/\r\n\r\n(.*)/s);
    if (head === undefined || body === undefined) continue;
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
    if (body.length >= length) return [head, Buffer.from(body, 'latin1').toString()];
  }
  throw new Error(`The connection was closed after ${JSON.stringify(answer)}.`);
}
