import { setTimeout as sleep } from 'node:timers/promises';
import type { Provider } from '../../src/store/store.ts';
import { openDatabaseHost } from '../databases.ts';
import { documents } from '../documents.ts';
import { encodeRequest, load } from '../load.ts';
import type { Cores } from '../machine.ts';
import type { ServerKind } from '../server-kinds.ts';
import { type RunningServer, startServer } from '../servers.ts';
import { graphql } from '../workloads.ts';
import type { Received, WorstKind } from './kind.ts';
import { buildWorstLibrary, type WorstLibrary } from './library.ts';
import { startProbe } from './start-probe.ts';

export interface WorstOptions {
  readonly kinds: readonly WorstKind[];
  readonly server: ServerKind;
  readonly scripts: number;
  /** When an unfinished kind is given up. */
  readonly limitSeconds: number;
  readonly cores: Cores | undefined;
  readonly onProgress: (text: string) => void;
}

/** The effect of one kind of request on a new server, and on another client. */
export interface WorstOutcome extends Received {
  readonly kind: string;
  readonly requestBytes: number;
  readonly ms: number;
  readonly cpuMs: number;
  /** The growth of the resident memory: at most, and one second later. */
  readonly peakMiB: number;
  readonly keptMiB: number;
  /** The longest waits of another client. */
  readonly liveMs: number;
  readonly scriptMs: number;
  /** How the process ended, if it did. */
  readonly ended?: string | undefined;
  readonly isGivenUp: boolean;
}

/** No request should make another one wait for longer. */
export const longestWaitMs = 100;

/** Sends each kind of request to a new server, and measures how long another client waits. */
export async function measureWorst(provider: Provider, options: WorstOptions): Promise<WorstOutcome[]> {
  const host = await openDatabaseHost(provider, options.cores?.others);
  try {
    options.onProgress(`${provider}: building the data`);
    const { library, url: databaseUrl } = await host.build('worst', (url) =>
      buildWorstLibrary(url, options.scripts),
    );
    const outcomes: WorstOutcome[] = [];
    for (const kind of options.kinds) {
      options.onProgress(`${provider}: ${kind.name}`);
      const measured: WorstOutcome[] = [];
      do measured.push(await measureOnce(kind));
      while (measured.length < mostRuns && isDoubtful(shortest(measured)));
      outcomes.push(shortest(measured));
    }
    return outcomes;

    async function measureOnce(kind: WorstKind): Promise<WorstOutcome> {
      const server = await startServer(options.server, { databaseUrl, core: options.cores?.server });
      try {
        return await measureKind(kind, server, library, options.limitSeconds);
      } finally {
        await server.kill();
      }
    }
  } finally {
    await host.close();
  }
}

/** Other load on the machine can only make a wait longer, so the run with the shortest wait counts. */
const mostRuns = 3;
const doubtfulMs = { from: longestWaitMs, to: 4 * longestWaitMs };

function isDoubtful(outcome: WorstOutcome): boolean {
  const ms = waitMsOf(outcome);
  return outcome.ended === undefined && ms >= doubtfulMs.from && ms < doubtfulMs.to;
}

function shortest(outcomes: readonly WorstOutcome[]): WorstOutcome {
  return outcomes.reduce((least, each) => (waitMsOf(each) < waitMsOf(least) ? each : least));
}

/** The longest wait of another client. */
export function waitMsOf({ liveMs, scriptMs }: WorstOutcome): number {
  return Math.max(liveMs, scriptMs);
}

/** Plain requests that a server answers first, so that compiling its code is not measured. */
const warmUpRequests = 300;

async function measureKind(
  kind: WorstKind,
  server: RunningServer,
  library: WorstLibrary,
  limitSeconds: number,
): Promise<WorstOutcome> {
  const script = graphql('collector', documents.script, { uuid: library.grantedUuids.at(-1) });
  await load(server.url, [encodeRequest(script)], { connections: 4, requests: warmUpRequests });
  const attack = kind.prepare(library, server.url);
  let ended: string | undefined;
  const end = server.ended.then((how) => {
    ended = how;
  });
  const probe = startProbe({ url: server.url, pid: server.pid, script });
  try {
    await probe.tell();
    await sleep(500);
    const before = await probe.reset();
    const deadline = AbortSignal.timeout(limitSeconds * 1_000);
    const startMs = performance.now();
    const received = await attack.run(deadline);
    const ms = performance.now() - startMs;
    const { cpuUs } = await probe.tell();
    // A process that ends closes its connections first.
    await Promise.race([end, sleep(1_000)]);
    if (ended === undefined) await Promise.race([end, isAlive(server, deadline)]);
    const after = await probe.tell();
    return {
      kind: kind.name,
      requestBytes: attack.requestBytes,
      ...received,
      ms,
      cpuMs: (cpuUs - before.cpuUs) / 1_000,
      peakMiB: after.peakMiB - before.nowMiB,
      keptMiB: after.nowMiB - before.nowMiB,
      liveMs: after.liveMs,
      scriptMs: after.scriptMs,
      ended,
      isGivenUp: deadline.aborted,
    };
  } finally {
    await probe.stop();
  }
}

/** Waits until the server answers again, or the time is over. */
async function isAlive(server: RunningServer, deadline: AbortSignal): Promise<void> {
  await fetch(`${server.url}/health/live`, { signal: deadline }).then(
    (response) => response.body?.cancel(),
    () => {},
  );
}
