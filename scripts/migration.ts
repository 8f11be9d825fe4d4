// `npm run migration NAME` runs this. It writes the SQL of a change to the schemas in prisma/, for both databases.
import { relative } from 'node:path';
import { startPostgres } from '../test/support/postgres-server.ts';
import { prismaFolder } from './schema-engine.ts';
import { writeMigrations } from './write-migrations.ts';

const [name] = process.argv.slice(2);
if (name === undefined) {
  process.stderr.write('Say what the migration does: npm run migration add_script_owner\n');
  process.exit(2);
}

const { url, stop } = await startPostgres();
try {
  const files = await writeMigrations({ name, folder: prismaFolder, postgresUrl: url, now: new Date() });
  for (const file of files) process.stdout.write(`Wrote ${relative('.', file)}\n`);
  if (files.length === 0) process.stdout.write('The schemas have not changed: nothing is written.\n');
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await stop();
}
