import { pino } from 'pino';
import type { Config } from '../config.ts';

/**
 * One event, and the facts about it. Never hand it a token, a header, a variable or a script's contents; cut texts that
 * users choose by `shorten`.
 */
export type LogEntry = { readonly event: string } & Readonly<Record<string, unknown>>;

/** Writes one JSON object a line to standard error: `time`, `level`, `pid`, the event and its facts. */
export interface Logger {
  debug(entry: LogEntry): void;
  info(entry: LogEntry): void;
  warn(entry: LogEntry): void;
  error(entry: LogEntry): void;
  /** Whether entries of a level are written at all: ask before facts are gathered on a busy path. */
  isLevelEnabled(level: 'debug' | 'info' | 'warn' | 'error'): boolean;
}

/** How many bytes may wait for a reader of standard error that has stopped reading. What comes then is lost. */
const maxWaitingBytes = 1_048_576;

/** @param common - facts that every line carries, asked for as it is written */
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

/** By way of Node's own stream, which is asynchronous for pipes, and which `runProgram` flushes in the end. */
function write(line: string): void {
  if (process.stderr.writableLength < maxWaitingBytes) process.stderr.write(line);
}

const maxTextLength = 200;

/** A text that somebody else has chosen, short enough for a log line. */
export function shorten(text: string): string {
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength)}…`;
}

/** A duration for a log line, to the microsecond. */
export function rounded(durationMs: number): number {
  return Math.round(durationMs * 1000) / 1000;
}

/** The stack of an error and of its causes. */
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
