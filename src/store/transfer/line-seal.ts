import { createHash } from 'node:crypto';

/** Thrown for a file that cannot be imported. The message names the line. */
export class DamagedFileError extends Error {
  override readonly name = 'DamagedFileError';
  readonly line: number;

  constructor(line: number, reason: string) {
    super(`Line ${line}: ${reason} Nothing was imported.`);
    this.line = line;
  }
}

/** Writes, or reads, the lines of one file in order. */
export interface LineSeal {
  /** @returns the object as a line, without line break */
  write(value: Readonly<Record<string, unknown>>): string;
  /** @throws DamagedFileError if the line is not the one that was written here */
  read(line: string, number: number): Record<string, unknown>;
}

/**
 * Creates the seal of a file. Each line ends with a check over itself and all lines before it. So a line that was
 * changed, removed, repeated or moved is found at that line.
 */
export function createLineSeal(): LineSeal {
  let previous = '';

  return {
    write: (value) => {
      const body = JSON.stringify(value).slice(0, -1);
      return `${body},"check":"${next(body)}"}`;
    },
    read: (line, number) => {
      const match = /^(\{.+),"check":"([\da-f]{16})"\}$/su.exec(line);
      const [, body = '', check] = match ?? [];
      if (match === null) throw new DamagedFileError(number, 'this is no line of an export.');
      if (next(body) !== check) {
        throw new DamagedFileError(number, 'it, or the order of the lines, was changed after the export.');
      }
      return JSON.parse(`${body}}`) as Record<string, unknown>;
    },
  };

  function next(body: string): string {
    previous = createHash('sha256').update(previous).update(body).digest('hex').slice(0, 16);
    return previous;
  }
}
