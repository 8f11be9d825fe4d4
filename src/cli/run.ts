/** Runs an action with operations on the database of the environment. */
export type Run<Operations> = (action: (operations: Operations) => Promise<void>) => Promise<void>;

/** Answers on standard output: one JSON value with `--json`, else text. */
export async function write(
  options: { readonly json?: boolean },
  value: unknown,
  text: string,
): Promise<void> {
  const answer = options.json === true ? JSON.stringify(value) : text;
  if (answer !== '') await print(`${answer}\n`);
}

/**
 * Prints on standard output, and waits until it is written. It is not an error if the reader has closed it, as `head -1`
 * does.
 *
 * @throws OutputError if it cannot be written, for example to a full disk
 */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error: NodeJS.ErrnoException | null | undefined) => {
      if (!error || error.code === 'EPIPE') resolve();
      else reject(new OutputError(error));
    });
  });
}

/** Thrown if the answer cannot be written. A change has been made all the same. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
  constructor(cause: Error) {
    super(`Standard output cannot be written: ${cause.message}.`, { cause });
  }
}

/** Formats rows as aligned columns under a line of titles. */
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

/** Emoji and East Asian characters: two columns wide in terminals. */
const wide =
  /^(?:\p{Emoji_Presentation}|\p{Emoji}\uFE0F|[\p{scx=Han}\p{scx=Hangul}\p{scx=Hira}\p{scx=Kana}\uFF01-\uFF60])/u;

function widthOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}
