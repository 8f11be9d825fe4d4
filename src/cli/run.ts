/** Runs an action with the operations on the database that the environment names. */
export type Run<Operations> = (action: (operations: Operations) => Promise<void>) => Promise<void>;

/** Answers on standard output: one JSON value for programs that asked with `--json`, else text for people. */
export async function write(
  options: { readonly json?: boolean },
  value: unknown,
  text: string,
): Promise<void> {
  const answer = options.json === true ? JSON.stringify(value) : text;
  if (answer !== '') await print(`${answer}\n`);
}

/**
 * Prints on standard output, and waits until it is out. A reader that has gone, as `head -1` goes, is no failure.
 *
 * @throws OutputError when it cannot be written, to a full disk for instance
 */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error: NodeJS.ErrnoException | null | undefined) => {
      if (!error || error.code === 'EPIPE') resolve();
      else reject(new OutputError(error));
    });
  });
}

/** Thrown when an answer was found, or a change made, and nobody could be told. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
  constructor(cause: Error) {
    super(`Standard output cannot be written: ${cause.message}.`, { cause });
  }
}

/** Rows as columns that line up, under a line of titles. */
export function formatTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [titles, ...rows];
  const widths = titles.map((_, column) => Math.max(...lines.map((line) => widthOf(line[column] ?? ''))));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const graphemes = new Intl.Segmenter();

/** Emoji, and the scripts of East Asia, which terminals give two columns. */
const wide =
  /^(?:\p{Emoji_Presentation}|\p{Emoji}\uFE0F|[\p{scx=Han}\p{scx=Hangul}\p{scx=Hira}\p{scx=Kana}\uFF01-\uFF60])/u;

function widthOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}
