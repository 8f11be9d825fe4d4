/**
 * A JSON value as the text that the database holds: whoever only passes it on need neither parse nor print it.
 * `JSON.stringify` cannot splice it; it prints it parsed.
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
    return this.parse();
  }
}
