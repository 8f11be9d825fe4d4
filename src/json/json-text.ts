import { randomUUID } from 'node:crypto';

/**
 * A JSON value as the text in the database, so that an answer can contain it without parsing. `stringify` inserts the text;
 * `JSON.stringify` parses it first.
 */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** Parses the value. */
  parse(): unknown {
    return JSON.parse(this.text);
  }

  toJSON(): unknown {
    if (spliced === undefined) return this.parse();
    spliced.push(this.text);
    return mark;
  }
}

/** Marks the place of a text. It is random and secret, so no value contains it. */
const mark = randomUUID();
const markInJson = JSON.stringify(mark);

/** The texts found by the current call of `stringify`. */
let spliced: string[] | undefined;

/** Like `JSON.stringify`, but inserts each `JsonText` unchanged. */
export function stringify(value: unknown): string {
  const texts: string[] = [];
  spliced = texts;
  try {
    const json = JSON.stringify(value);
    if (texts.length === 0) return json;
    const parts = json.split(markInJson);
    let whole = parts[0] ?? '';
    for (let index = 0; index < texts.length; index += 1)
      whole += (texts[index] ?? '') + (parts[index + 1] ?? '');
    return whole;
  } finally {
    spliced = undefined;
  }
}
