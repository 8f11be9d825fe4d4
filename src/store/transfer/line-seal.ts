import { createHash } from 'node:crypto';

/** Thrown for a file that cannot be imported; the message names the line. */
export class DamagedFileError extends Error {
  override readonly name = 'DamagedFileError';
  readonly line: number;

  constructor(line: number, reason: string) {
    super(`Line ${line}: ${reason} Nothing was imported.`);
    this.line = line;
  }
}

/**
 * Seals the lines of a file one after the other: each ends with a check over itself and all lines before it, so that
 * a change anywhere is noticed at that very line, and so are lines that are missing, doubled or out of order.
 */
export class LineSeal {
  #previous = '';

  /** @returns the object as a line, without line break */
  write(value: Readonly<Record<string, unknown>>): string {
    const body = JSON.stringify(value).slice(0, -1);
    return `${body},"check":"${this.#next(body)}"}`;
  }

  /** @throws DamagedFileError when the line is not what was written */
  read(line: string, number: number): Record<string, unknown> {
    const match = /^(\{.+),"check":"([\da-f]{16})"\}$/su.exec(line);
    const [, body = '', check] = match ?? [];
    if (match === null) throw new DamagedFileError(number, 'this is no line of an export.');
    if (this.#next(body) !== check) {
      throw new DamagedFileError(number, 'it, or the order of the lines, was changed after the export.');
    }
    return JSON.parse(`${body}}`) as Record<string, unknown>;
  }

  #next(body: string): string {
    this.#previous = createHash('sha256').update(this.#previous).update(body).digest('hex').slice(0, 16);
    return this.#previous;
  }
}
