import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeRequest, load } from '../../load.ts';
import { graphql } from '../../workloads.ts';
import { manyRequests, type WorstKind } from '../kind.ts';

/** Many requests that together can fill the memory. */
export const memoryKinds: readonly WorstKind[] = [
  {
    name: 'pipelining',
    title: '60 connections ask 1,500 times each for /openapi.json, and read nothing for 8 seconds',
    prepare: (_, url) => {
      const one = encodeRequest({ method: 'GET', path: '/openapi.json', headers: {}, body: '' });
      const all = Buffer.concat(Array<Buffer>(1_500).fill(one));
      const { hostname, port } = new URL(url);
      return {
        requestBytes: 60 * all.length,
        run: async (deadline) => {
          // A socket without a `data` listener reads nothing.
          const sockets = Array.from({ length: 60 }, () => {
            const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(all));
            return socket.on('error', () => {});
          });
          await sleep(8_000, undefined, { signal: deadline }).catch(() => {});
          for (const socket of sockets) socket.destroy();
          return { status: undefined, bytes: 0 };
        },
      };
    },
  },
  manyRequests('distinct-contains', '600 lists, each by another part of a name of 1 MB', 600, (_, number) =>
    graphql(
      'frontend',
      'query ($part: String) { dtraceScripts(first: 1, filter: { name: { contains: $part } }) { uuid } }',
      {
        part: `${number} ${'x'.repeat(1_000_000)}`,
      },
    ),
  ),
  {
    name: 'distinct-documents',
    title: '30,000 documents of 0.5 KB, each sent three times',
    prepare: (library, url) => {
      const fields = (number: number) =>
        Array.from({ length: 20 }, (_, index) => `field${number}x${index}: name`).join(' ');
      const requests = Array.from({ length: 30_000 }, (_, number) =>
        encodeRequest(
          graphql('frontend', `query ($uuid: UUID!) { dtraceScript(uuid: $uuid) { ${fields(number)} } }`, {
            uuid: library.grantedUuids[0],
          }),
        ),
      ).flatMap((request) => [request, request, request]);
      return {
        requestBytes: requests.reduce((sum, { length }) => sum + length, 0),
        run: async (deadline) => {
          // In portions with their own connections, so that the deadline is checked in between.
          for (let start = 0; start < requests.length && !deadline.aborted; start += portion) {
            await load(url, requests.slice(start, start + portion), { connections: 4, requests: portion });
          }
          return { status: 200, bytes: 0 };
        },
      };
    },
  },
];

const portion = 1_500;
