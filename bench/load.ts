import { connect, type Socket } from 'node:net';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface LoadOptions {
  readonly connections: number;
  /** When to stop; by default after the requests. */
  readonly seconds?: number;
  /** The number of requests; by default as many as possible in the time. */
  readonly requests?: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The part of the time that this client was busy. Near 1, the client was the limit and not the server. */
  readonly clientBusy: number;
  /** Connections that the server closed during a request. */
  readonly dropped: number;
}

/** A request as bytes for the socket. */
export type EncodedRequest = Buffer;

export function encodeRequest({ method, path, headers, body }: HttpRequest): EncodedRequest {
  const lines = Object.entries({ host: '127.0.0.1', connection: 'keep-alive', ...headers });
  if (method !== 'GET') lines.push(['content-length', String(Buffer.byteLength(body))]);
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${head}\r\n${body}`);
}

/**
 * Sends requests in turn over keep-alive connections, one at a time on each, and measures every answer in microseconds.
 *
 * The benchmark has its own client because the client must be cheaper than the server. autocannon 9 takes 67 µs of
 * processor time for a request; this client takes 40 µs, so that it sends more requests than bare node:http can answer.
 * autocannon's histogram also has whole milliseconds only.
 *
 * @throws Error for an answer that is not 200, or a connection that ends without any answer
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
        // All answers of a connection use one buffer.
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
        // A busy server may take the connection for an idle one before it reads the request.
        if (!hasAnswered) return reject(failure);
        dropped += 1;
        resolve(lastMs < endMs && next < most ? drive() : undefined);
      });
    });
  }
}

/** Reads answers one by one, with a length or in chunks, and reports the status of each complete answer. */
function createAnswerReader(onAnswer: (status: number) => void): (data: Buffer) => void {
  let pending: Buffer | undefined;
  return (data) => {
    const answer = pending === undefined ? data : Buffer.concat([pending, data]);
    if (isComplete(answer)) {
      pending = undefined;
      onAnswer(Number(answer.toString('latin1', 9, 12)));
    } else {
      // The next piece will overwrite this buffer.
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
