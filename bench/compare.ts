import { isDeepStrictEqual } from 'node:util';
import type { Library } from './data.ts';
import type { RunningServer } from './servers.ts';
import { type BenchRequest, oneScript, type Workload } from './workloads.ts';

const requestsCompared = 10;

/**
 * Sends the same requests of a workload to every server, and compares the answers. A write is read back.
 *
 * @throws Error for the first answer that contains an error, or differs from that of the first server
 */
export async function compareAnswers(
  workload: Workload,
  library: Library,
  servers: readonly RunningServer[],
): Promise<void> {
  const [first, ...others] = servers;
  if (first === undefined) return;
  for (let number = 0; number < requestsCompared; number += 1) {
    const request = workload.request(library, number);
    const expected = await answersOf(first, request, workload);
    for (const server of others) {
      const answers = await answersOf(server, request, workload);
      if (isDeepStrictEqual(answers, expected)) continue;
      throw new Error(
        `${workload.name}: ${server.name} and ${first.name} differ in their answer to ${request.body || request.path}\n` +
          `${server.name}: ${excerpt(answers)}\n${first.name}: ${excerpt(expected)}`,
      );
    }
  }
}

async function answersOf(
  server: RunningServer,
  request: BenchRequest,
  { isWrite = false }: Workload,
): Promise<readonly unknown[]> {
  const requests = request.writesTo === undefined ? [request] : [request, oneScript(request.writesTo)];
  const answers: unknown[] = [];
  for (const each of requests) answers.push(await send(server, each));
  return isWrite ? withoutTimesOfWrites(answers) : answers;
}

/** Times of writes differ between servers. Metadata and revision show that the write happened. */
function withoutTimesOfWrites(answers: readonly unknown[]): readonly unknown[] {
  return JSON.parse(JSON.stringify(answers, (key, value) => (key === 'updatedAt' ? undefined : value)));
}

/** Sends one request. @returns the answer, parsed @throws Error if it is not 200 or contains errors */
export async function send(
  server: RunningServer,
  { method, path, headers, body }: BenchRequest,
): Promise<unknown> {
  const response = await fetch(server.url + path, {
    method,
    headers,
    ...(method === 'POST' ? { body } : {}),
  });
  const text = await response.text();
  if (response.status !== 200 || text.includes('"errors":')) {
    throw new Error(
      `${server.name} answers ${body || path} with the status ${response.status}: ${text.slice(0, 500)}`,
    );
  }
  return JSON.parse(text);
}

function excerpt(answers: unknown): string {
  return JSON.stringify(answers).slice(0, 2_000);
}
