import { connect, type Socket } from 'node:net';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface LoadOptions {
  readonly connections: number;
  /** When to stop; without it after the requests. */
  readonly seconds?: number;
  /** How many to send; without it as many as there is time for. */
  readonly requests?: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The part of the time that this client was at work; near 1 it, and not the server, was the limit. */
  readonly clientBusy: number;
  /** Connections that the server closed with a request under way. */
  readonly dropped: number;
}

/** A request in the bytes that go over the wire. */
export type EncodedRequest = Buffer;

export function encodeRequest({ method, path, headers, body }: HttpRequest): EncodedRequest {
  const lines = Object.entries({ host: '127.0.0.1', connection: 'keep-alive', ...headers });
  if (method !== 'GET') lines.push(['content-length', String(Buffer.byteLength(body))]);
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${head}\r\n${body}`);
}

/**
 * Sends requests over kept-alive connections, one under way on each, taking them in turn, and times every answer to
 * the microsecond.
 *
 * A client of its own because it must be the cheaper side: autocannon 9 takes 67 µs of processor time for a request,
 * this one 40, so that it can ask more than a bare node:http answers; and autocannon's histogram knows whole
 * milliseconds only.
 *
 * @throws Error for an answer that is not 200, or for a connection that ends without any answer
 */
export async function load(
  url: string,
  requests: readonly EncodedRequest[],
  { connections, seconds = Infinity, requests: most = Infinity }: LoadOptions,
): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  let next = 0;
  let dropped = 0;
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  const endMs = startMs + seconds * 1000;
  let lastMs = startMs;

  await Promise.all(Array.from({ length: connections }, () => drive()));
  const elapsed = (lastMs - startMs) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  const sorted = Float64Array.from(latenciesMs).sort();
  return {
    requests: sorted.length,
    seconds: elapsed,
    perSecond: sorted.length / elapsed,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    clientBusy: (cpu.user + cpu.system) / 1e6 / elapsed,
    dropped,
  };

  function drive(): Promise<void> {
    return new Promise((resolve, reject) => {
      let sentMs = 0;
      let hasAnswered = false;
      let isDone = false;
      const send = (socket: Socket) => {
        sentMs = performance.now();
        socket.write(requests[next++ % requests.length] as EncodedRequest);
      };
      const reader = createAnswerReader((status) => {
        lastMs = performance.now();
        latenciesMs.push(lastMs - sentMs);
        hasAnswered = true;
        if (status !== 200) {
          reject(new Error(`${url} answers with the status ${status}.`));
          socket.destroy();
        } else if (lastMs < endMs && next < most) {
          send(socket);
        } else {
          isDone = true;
          socket.end();
        }
      });
      const { hostname, port } = new URL(url);
      const socket = connect({
        host: hostname,
        port: Number(port),
        noDelay: true,
        // One buffer for all answers of a connection, rather than a new one for each.
        onread: {
          buffer: Buffer.allocUnsafe(64 * 1024),
          callback: (length, buffer) => {
            reader((buffer as Buffer).subarray(0, length));
            return true;
          },
        },
      });
      let failure = new Error(`${url} closes a connection.`);
      socket.once('connect', () => send(socket));
      socket.on('error', (error) => {
        failure = error;
      });
      socket.once('close', () => {
        if (isDone) return resolve();
        // A server that is too busy to see a request in time takes the connection for an idle one.
        if (!hasAnswered) return reject(failure);
        dropped += 1;
        resolve(lastMs < endMs && next < most ? drive() : undefined);
      });
    });
  }
}

/** Reads answers, one at a time, of a known length or in chunks; tells the status of each that is complete. */
function createAnswerReader(onAnswer: (status: number) => void): (data: Buffer) => void {
  let pending: Buffer | undefined;
  return (data) => {
    const answer = pending === undefined ? data : Buffer.concat([pending, data]);
    if (isComplete(answer)) {
      pending = undefined;
      onAnswer(Number(answer.toString('latin1', 9, 12)));
    } else {
      // The buffer that it came in is used for the next piece.
      pending = pending === undefined ? Buffer.from(data) : answer;
    }
  };
}

function isComplete(answer: Buffer): boolean {
  const headEnd = answer.indexOf('\r\n\r\n');
  if (headEnd < 0) return false;
  const head = answer.toString('latin1', 0, headEnd);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return answer.length >= headEnd + 4 + Number(length);
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return answer.subarray(-7).includes('\r\n0\r\n\r\n');
  throw new Error(`An answer says nothing about its length:\n${head}`);
}

function quantile(sorted: Float64Array, part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
