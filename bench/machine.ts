import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

/** The core of the server alone, and the cores of this client and a database server. */
export interface Cores {
  readonly server: number;
  readonly others: string;
}

/** @returns undefined if processes cannot be pinned: no `taskset`, or a single core */
export function findCores(): Cores | undefined {
  const count = availableParallelism();
  if (count < 2 || spawnSync('taskset', ['-V']).status !== 0) return undefined;
  return { server: 0, others: count === 2 ? '1' : `1-${count - 1}` };
}

/** Pins a process to cores, with all its threads and its later child processes. */
export function pin(pid: number, cores: string): void {
  execFileSync('taskset', ['-acp', cores, String(pid)], { stdio: 'ignore' });
}

/** The resident memory of a server's processes, in MiB. */
export function residentMiB(pid: number): number {
  const kib = processesOf(pid).map((each) => {
    try {
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${each}/status`, 'utf8'))?.[1]);
    } catch {
      return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(each)], { encoding: 'utf8' }));
    }
  });
  return sum(kib) / 1024;
}

/** The processor time of a server's processes, in microseconds; NaN without /proc. */
export function processorTimeUs(pid: number): number {
  const ticks = processesOf(pid).map((each) => {
    try {
      // After the name, which may contain anything, user and system time are fields 12 and 13, in ticks of 10 ms.
      const fields = readFileSync(`/proc/${each}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      return Number(fields[11]) + Number(fields[12]);
    } catch {
      return Number.NaN;
    }
  });
  return sum(ticks) * 10_000;
}

/** A process and its child processes, such as the workers of a gateway. */
function processesOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return [pid, ...(children === '' ? [] : children.split(' ').map(Number))];
  } catch {
    return [pid];
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

export function describeMachine(): string {
  return `Node ${process.versions.node}, ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores`;
}
