import { formatNumber, formatTable } from '../table.ts';
import { longestWaitMs, type WorstOutcome, waitMsOf } from './measure.ts';

/** Prints the table of results, and how many requests make others wait too long or end the process. */
export function describeWorst(outcomes: readonly WorstOutcome[]): string {
  const rows = outcomes.map((outcome) => [
    outcome.kind,
    outcome.requestBytes.toLocaleString('en-GB'),
    describeEnd(outcome),
    outcome.bytes.toLocaleString('en-GB'),
    formatNumber(outcome.ms),
    formatNumber(outcome.cpuMs),
    formatNumber(outcome.peakMiB),
    formatNumber(outcome.keptMiB),
    `${formatNumber(outcome.liveMs)}${outcome.liveMs >= longestWaitMs ? ' !' : ''}`,
    `${formatNumber(outcome.scriptMs)}${outcome.scriptMs >= longestWaitMs ? ' !' : ''}`,
  ]);
  const slow = outcomes.filter((outcome) => waitMsOf(outcome) >= longestWaitMs);
  // Otherwise the wait came from the database or from other load on the machine.
  const busy = slow.filter(({ cpuMs }) => cpuMs >= longestWaitMs);
  const ended = outcomes.filter((outcome) => outcome.ended !== undefined);
  return [
    formatTable(titles, rows),
    '',
    `${slow.length} of ${outcomes.length} kinds keep another request waiting for ${longestWaitMs} ms or longer (!), ${busy.length} of them with as much processor time; ${ended.length} end the process.`,
  ].join('\n');
}

const titles = [
  'kind',
  'request bytes',
  'answer',
  'answer bytes',
  'ms',
  'CPU ms',
  'peak MiB',
  'kept MiB',
  'live ms',
  'script ms',
];

function describeEnd({ ended, isGivenUp, status, code }: WorstOutcome): string {
  if (ended !== undefined) return `process ended: ${ended}`;
  if (isGivenUp) return 'given up';
  return [status ?? 'none', code].filter((part) => part !== undefined).join(' ');
}
