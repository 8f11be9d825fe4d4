import { pino } from 'pino';
import type { Config } from '../config.ts';

/**
 * One event and facts about it. Never log a token, a header, a variable or the contents of a script. Shorten texts that
 * users choose with `shorten`.
 */
export type LogEntry = { readonly event: string } & Readonly<Record<string, unknown>>;

/** Writes JSON lines to standard error: `time`, `level`, `pid`, the event and its facts. */
export interface Logger {
  debug(entry: LogEntry): void;
  info(entry: LogEntry): void;
  warn(entry: LogEntry): void;
  error(entry: LogEntry): void;
  /** Whether entries of a level are written. Ask first where gathering facts costs time. */
  isLevelEnabled(level: 'debug' | 'info' | 'warn' | 'error'): boolean;
}

/** The most bytes that wait for a slow reader of standard error. Further lines are lost. */
const maxWaitingBytes = 1_048_576;

/** @param common - returns facts for every line; called when a line is written */
export function createLogger(
  level: Config['logLevel'],
  common?: () => Readonly<Record<string, unknown>>,
): Logger {
  const options = {
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    ...(common ? { mixin: common } : {}),
  };
  return pino(options, { write });
}

/** Writes to Node's own stream: it is asynchronous for pipes, and `runProgram` flushes it at the end. */
function write(line: string): void {
  if (process.stderr.writableLength < maxWaitingBytes) process.stderr.write(line);
}

const maxTextLength = 200;

/** Shortens a text for a log line. */
export function shorten(text: string): string {
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength)}…`;
}

/** Rounds a duration to microseconds for a log line. */
export function rounded(durationMs: number): number {
  return Math.round(durationMs * 1000) / 1000;
}

/** The stacks of an error and its causes. */
export function stackOf(error: unknown): string {
  const stacks: string[] = [];
  let current = error;
  while (current instanceof Error && stacks.length < 5) {
    stacks.push(current.stack ?? current.message);
    current = current.cause;
  }
  if (stacks.length === 0) return String(error).slice(0, maxStackLength);
  return stacks.join('\ncaused by: ').slice(0, maxStackLength);
}

const maxStackLength = 10_000;
