import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers 200 past the fetch API, with a text that is JSON. */
export function sendJson(
  { headers }: IncomingMessage,
  response: ServerResponse,
  text: string,
  more: Readonly<Record<string, string>>,
): void {
  const body = Buffer.from(text);
  response.writeHead(200, {
    ...more,
    'content-length': body.length,
    'x-request-id': headers['x-request-id'],
  });
  response.end(body);
}
