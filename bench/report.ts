import type { Comparison } from './comparison.ts';
import type { Outcome } from './rounds.ts';
import { formatNumber, formatTable } from './table.ts';

/** Prints the table of results and the table of memory. */
export function describeComparison({ outcomes, memoryMiB }: Comparison): string {
  const memory = Object.entries(memoryMiB).map(([server, mib]) => [server, formatNumber(mib)]);
  return `${describeOutcomes(outcomes)}\n${formatTable(['memory after the run', 'MiB'], memory)}`;
}

/** Above this load the client is too busy to show a difference between servers. */
const busyClient = 0.9;

export function describeOutcomes(outcomes: readonly Outcome[], baseline = 'ceiling'): string {
  const rows = outcomes.map(
    ({ workload, server, perSecond, ofBaseline, p50Ms, p99Ms, cpuUs, clientBusy }) => [
      workload,
      server,
      formatNumber(perSecond) + (clientBusy > busyClient ? ' *' : ''),
      formatNumber(ofBaseline),
      formatNumber(p50Ms),
      formatNumber(p99Ms),
      formatNumber(cpuUs),
    ],
  );
  const titles = ['workload', 'server', 'requests/s', `of ${baseline}`, 'p50 ms', 'p99 ms', 'CPU µs'];
  const note = '\n* the client had no time left: the server may be faster\n';
  const isLimited = outcomes.some(({ clientBusy }) => clientBusy > busyClient);
  return `${formatTable(titles, rows)}\n${isLimited ? note : ''}`;
}
