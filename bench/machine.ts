import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

/** Which core the server has to itself, and where everybody else is: this client, and a database server. */
export interface Cores {
  readonly server: number;
  readonly others: string;
}

/** @returns undefined where processes cannot be pinned: no `taskset`, or a single core */
export function findCores(): Cores | undefined {
  const count = availableParallelism();
  if (count < 2 || spawnSync('taskset', ['-V']).status !== 0) return undefined;
  return { server: 0, others: count === 2 ? '1' : `1-${count - 1}` };
}

/** Moves a process, with all its threads and the processes that it will start, to some cores. */
export function pin(pid: number, cores: string): void {
  execFileSync('taskset', ['-acp', cores, String(pid)], { stdio: 'ignore' });
}

/** The memory that a server's processes have resident, in MiB. */
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

/** The processor time that a server's processes have had, in microseconds; NaN where there is no /proc. */
export function processorTimeUs(pid: number): number {
  const ticks = processesOf(pid).map((each) => {
    try {
      // Behind the name, which may hold anything: user and system time are the 12th and 13th, in ticks of 10 ms.
      const fields = readFileSync(`/proc/${each}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      return Number(fields[11]) + Number(fields[12]);
    } catch {
      return Number.NaN;
    }
  });
  return sum(ticks) * 10_000;
}

/** A process and those that it has started, as a gateway with several workers has. */
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
