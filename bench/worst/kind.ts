import { encodeRequest, type HttpRequest } from '../load.ts';
import type { WorstLibrary } from './library.ts';
import { receive } from './receive.ts';

/** A kind of request that is as costly as the default limits allow. */
export interface WorstKind {
  readonly name: string;
  /** What the request is, and why it is costly. */
  readonly title: string;
  /** Builds the requests before the measurement. @param url - of the server */
  prepare(library: WorstLibrary, url: string): Attack;
}

export interface Attack {
  /** The bytes of all requests together. */
  readonly requestBytes: number;
  /** Sends all requests. @param deadline - when to give up @returns the complete answers */
  run(deadline: AbortSignal): Promise<Received>;
}

export interface Received {
  /** The status of the last answer; absent if there was none, or it was not read. */
  readonly status: number | undefined;
  /** The bytes of all answers with their heads. */
  readonly bytes: number;
  /** The code of the first error in the last answer. */
  readonly code?: string | undefined;
  /** The beginning of its message. */
  readonly message?: string | undefined;
}

/** One request on a new connection. */
export function oneRequest(
  name: string,
  title: string,
  request: (library: WorstLibrary, url: string) => HttpRequest,
): WorstKind {
  return {
    name,
    title,
    prepare: (library, url) => {
      const bytes = encodeClosing(request(library, url));
      return { requestBytes: bytes.length, run: (deadline) => receive(url, bytes, deadline) };
    },
  };
}

/** Many requests one after the other, each on a new connection. */
export function manyRequests(
  name: string,
  title: string,
  count: number,
  request: (library: WorstLibrary, number: number) => HttpRequest,
): WorstKind {
  return {
    name,
    title,
    prepare: (library, url) => ({
      requestBytes: count * encodeClosing(request(library, 0)).length,
      run: async (deadline) => {
        let received: Received = { status: undefined, bytes: 0 };
        for (let number = 0; number < count && !deadline.aborted; number += 1) {
          const latest = await receive(url, encodeClosing(request(library, number)), deadline);
          received = { ...latest, bytes: received.bytes + latest.bytes };
        }
        return received;
      },
    }),
  };
}

/** The server closes the connection at the end of an answer. */
function encodeClosing(request: HttpRequest): Buffer {
  return encodeRequest({ ...request, headers: { connection: 'close', ...request.headers } });
}
