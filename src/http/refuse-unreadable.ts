import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { securityHeaders } from './security-headers.ts';

/**
 * Answers bytes that are not HTTP, or a request that does not arrive in time, and closes the connection. Node would answer
 * without a body.
 *
 * @param isAnswering - whether an answer is being sent, which must not be mixed with another
 */
export function refuseUnreadable(
  { code }: NodeJS.ErrnoException,
  socket: Socket,
  { isAnswering, timeoutMs }: { readonly isAnswering: boolean; readonly timeoutMs: number },
): void {
  if (!socket.writable || isAnswering) {
    socket.destroy();
    return;
  }
  const [status, message] = reasonOf(code, timeoutMs);
  const body = JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_USER_INPUT' } }] });
  const headers = [
    ...Object.entries(securityHeaders),
    ['content-type', 'application/json; charset=utf-8'],
    ['content-length', Buffer.byteLength(body)],
    ['connection', 'close'],
  ];
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n${body}`);
}

function reasonOf(code: string | undefined, timeoutMs: number): readonly [status: number, message: string] {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [408, `The request did not arrive within ${timeoutMs} ms (REQUEST_TIMEOUT_MS).`];
    case 'HPE_HEADER_OVERFLOW':
      return [431, 'The headers of the request are too large: 16 KiB are allowed.'];
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return [413, 'The chunk extensions of the body are too large.'];
    default:
      return [400, 'This is not a request of HTTP/1.1.'];
  }
}
