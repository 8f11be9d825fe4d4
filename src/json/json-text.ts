import { randomUUID } from 'node:crypto';

/**
 * A JSON value as the text that the database holds: whoever only passes it on need neither parse nor print it.
 * `stringify` splices it; `JSON.stringify` prints it parsed.
 */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The value itself. */
  parse(): unknown {
    return JSON.parse(this.text);
  }

  toJSON(): unknown {
    if (spliced === undefined) return this.parse();
    spliced.push(this.text);
    return mark;
  }
}

/** Stands for a text until it is spliced. Nobody outside can know it, so no value holds it by design. */
const mark = randomUUID();
const markInJson = JSON.stringify(mark);

/** The texts that the running call of `stringify` has met. */
let spliced: string[] | undefined;

/** As `JSON.stringify`, with each `JsonText` as it stands. */
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
