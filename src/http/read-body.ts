import { BadUserInputError, HttpRequestError } from '../errors.ts';

/** Reads the body of a request. @throws HttpRequestError (413) when it is too large */
export type ReadBody = (request: Request) => Promise<Uint8Array<ArrayBuffer>>;

/**
 * Creates a reader that never holds more than `maxBytes` of a body, whatever length it announces.
 *
 * The rest of a body that is too large is read and thrown away: a server that hung up in the middle would keep its
 * answer from many a client.
 */
export function createBodyReader(maxBytes: number): ReadBody {
  return async (request) => {
    if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
    const reader = request.body?.getReader();
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const chunk = await reader?.read().catch(() => {
        throw new BadUserInputError('body', 'it broke off before its end.');
      });
      if (chunk?.value === undefined) return Buffer.concat(chunks);
      size += chunk.value.byteLength;
      if (size > maxBytes) {
        if (reader) discard(reader);
        throw tooLarge(maxBytes);
      }
      chunks.push(chunk.value);
    }
  };
}

function tooLarge(maxBytes: number): HttpRequestError {
  return new HttpRequestError(413, `The body of the request is too large: ${maxBytes} bytes are allowed.`);
}

async function discard(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    while (!(await reader.read()).done);
  } catch {
    // The client has hung up, which is fine.
  }
}
