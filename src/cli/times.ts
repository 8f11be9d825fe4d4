import { InvalidArgumentError } from 'commander';
import { z } from 'zod';

const unitsMs = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

const moment = z.union([z.iso.date(), z.iso.datetime({ offset: true })]).refine(isStorable);

/** The milliseconds of a text such as `90m`, `12h`, `30d` or `2w`. @throws InvalidArgumentError */
export function parseDuration(text: string): number {
  const durationMs = readDuration(text);
  if (durationMs === undefined) {
    throw new InvalidArgumentError('It must be a number and a unit, such as 90m, 12h, 30d or 2w.');
  }
  return durationMs;
}

/** The time that a text names, or the time a duration ago. @throws InvalidArgumentError */
export function parseSince(text: string): Date {
  const durationMs = readDuration(text);
  if (durationMs !== undefined) return new Date(Date.now() - durationMs);
  if (moment.safeParse(text).success) return new Date(text);
  throw new InvalidArgumentError(
    'It must be a time such as 2026-11-23 or 2026-11-23T15:36:00Z, or how long ago, such as 12h or 7d.',
  );
}

/** Returns `undefined` if the text is no duration. @throws InvalidArgumentError if it is too long */
function readDuration(text: string): number | undefined {
  const match = /^(\d{1,6})([mhdw])$/.exec(text);
  const unit = match?.[2] as keyof typeof unitsMs | undefined;
  const count = Number(match?.[1]);
  if (unit === undefined || count === 0) return undefined;
  const durationMs = count * unitsMs[unit];
  if (durationMs > 100 * 366 * unitsMs.d) throw new InvalidArgumentError('It must be at most 100 years.');
  return durationMs;
}

/** Databases have no year 0. A time zone can lead to a year after 9999, which is written differently. */
function isStorable(text: string): boolean {
  const year = new Date(text).getUTCFullYear();
  return year >= 1 && year <= 9999;
}
