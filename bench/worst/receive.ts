import { connect } from 'node:net';
import type { Received } from './kind.ts';

/** The bytes kept of the beginning and of the end of an answer. */
const keptBytes = 4_096;

/**
 * Sends bytes and reads until the server closes the connection. Only the beginning and the end of the answer are kept: it
 * may be larger than the longest possible text.
 */
export function receive(url: string, request: Buffer, deadline: AbortSignal): Promise<Received> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    let bytes = 0;
    let head = Buffer.alloc(0);
    let tail = Buffer.alloc(0);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true }, () =>
      socket.write(request),
    );
    const giveUp = () => socket.destroy();
    deadline.addEventListener('abort', giveUp, { once: true });
    if (deadline.aborted) giveUp();
    socket.on('data', (data) => {
      bytes += data.length;
      if (head.length < keptBytes) head = Buffer.concat([head, data.subarray(0, keptBytes - head.length)]);
      tail = data.length >= keptBytes ? data : Buffer.concat([tail, data]).subarray(-keptBytes);
    });
    // A server that refuses a body closes the connection before the body is sent completely.
    socket.on('error', () => {});
    socket.once('close', () => {
      deadline.removeEventListener('abort', giveUp);
      const text = head.toString('latin1') + tail.subarray(-keptBytes).toString('latin1');
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
      resolve({
        status: status === undefined ? undefined : Number(status),
        bytes,
        code: /"code":"([A-Z_]+)"/.exec(text)?.[1],
        message: /"message":"((?:[^"\\]|\\.){0,200})/.exec(text)?.[1],
      });
    });
  });
}
