import { open, rename, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Command } from 'commander';
import { eventOf } from '../audit/audit-event.ts';
import { type Config, readConfig } from '../config.ts';
import { localOrigin } from '../operations/local-origin.ts';
import { updateDatabase, useDatabase } from './open-database.ts';
import { print, write } from './run.ts';

const progressEveryMs = 200;

/** `export` and `import`: all contents of a database as JSON Lines, to move to another database. */
export function addTransferCommands(program: Command): void {
  program
    .command('export')
    .description(
      'write everything to a file, or to standard output: scripts, users, roles, grants, digests of tokens',
    )
    .argument('[file]', 'the file to write; an existing file is replaced; only you may read it')
    .action(async (file: string | undefined) => {
      const config = readConfig(process.env);
      await updateDatabase(config);
      const count = await (file === undefined || file === '-'
        ? exportTo(config, print)
        : exportToFile(config, file));
      // The header and the end are lines, but not records.
      process.stderr.write(`Exported ${plural(count - 2)}.\n`);
    });

  program
    .command('import')
    .description('fill an empty database from an exported file, or from standard input: all or nothing')
    .argument('[file]', 'the file to read')
    .option('--json', 'answer with one JSON value')
    .action(async (file: string | undefined, options: { readonly json?: boolean }) => {
      const config = readConfig(process.env);
      await updateDatabase(config);
      const input =
        file === undefined || file === '-' ? process.stdin : (await open(file)).createReadStream();
      const { importDatabase } = await import('../store/open-store.ts');
      const event = eventOf(localOrigin(), { action: 'IMPORT' }, new Date());
      const progress = createProgress('Imported');
      const records = await useDatabase(config, () =>
        importDatabase(config, linesOf(input), event, progress.report),
      ).finally(() => {
        progress.end();
        input.destroy();
      });
      await write(options, { records }, `Imported ${plural(records)}.`);
    });
}

async function exportTo(config: Config, put: (text: string) => Promise<void>): Promise<number> {
  const { exportDatabase } = await import('../store/open-store.ts');
  const progress = createProgress('Exported');
  let lines = 0;
  return useDatabase(config, () =>
    exportDatabase(config, async (line) => {
      await put(`${line}\n`);
      progress.report(++lines);
    }),
  ).finally(progress.end);
}

/** Writes a temporary file, and renames it when it is complete. */
async function exportToFile(config: Config, file: string): Promise<number> {
  const partial = `${file}.partial`;
  const handle = await open(partial, 'w', 0o600);
  try {
    const count = await exportTo(config, async (text) => void (await handle.write(text)));
    await handle.sync();
    await handle.close();
    await rename(partial, file);
    return count;
  } catch (error) {
    await handle.close().catch(() => {});
    await rm(partial, { force: true });
    throw error;
  }
}

/**
 * The lines of a stream, without line feeds. Only a line feed ends a line: texts may contain U+2028, which also ends a line
 * for `node:readline`.
 */
async function* linesOf(stream: Readable): AsyncGenerator<string> {
  stream.setEncoding('utf8');
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** Shows the progress on a terminal, but not in a file or a pipe. */
function createProgress(verb: string) {
  let last = 0;
  let shown = false;
  return {
    report: (count: number) => {
      if (!process.stderr.isTTY || Date.now() - last < progressEveryMs) return;
      last = Date.now();
      shown = true;
      process.stderr.write(`\r${verb} ${plural(count)} …`);
    },
    end: () => {
      if (shown) process.stderr.write('\r\u001b[K');
    },
  };
}

function plural(records: number): string {
  return records === 1 ? '1 record' : `${records.toLocaleString('en')} records`;
}
