import type { IncomingMessage } from 'node:http';
import { badBody, httpErrors } from '../errors.ts';

/** Reads the body of a request. @throws HttpRequestError (413) when it is too large */
export type ReadBody = (request: IncomingMessage) => Promise<Buffer>;

/**
 * Creates a reader that never holds more than `maxBytes` of a body, whatever length it announces.
 *
 * The rest of a body that is too large is read and discarded. Many clients would not see the answer of a server that hangs
 * up in the middle.
 */
export function createBodyReader(maxBytes: number): ReadBody {
  return (request) =>
    new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const refuse = () => {
        chunks.length = 0;
        reject(httpErrors.bodyTooLarge(maxBytes));
      };
      if (Number(request.headers['content-length'] ?? 0) > maxBytes) refuse();
      request.on('data', (chunk: Buffer) => {
        size += chunk.byteLength;
        if (size > maxBytes) refuse();
        else chunks.push(chunk);
      });
      request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
      request.on('error', () => reject(badBody.incomplete()));
    });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The JSON value in a body. @throws BadUserInputError for bytes that are not UTF-8, and for text that is not JSON */
export function parseBody(body: Uint8Array): unknown {
  const text = decode(body);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw text.trim() === '' ? badBody.empty() : badBody.notJson(error);
  }
}

function decode(body: Uint8Array): string {
  try {
    return utf8.decode(body);
  } catch {
    throw badBody.notUtf8();
  }
}
