import { createSqliteAdapter } from '../../../src/store/sqlite/adapter.ts';
import { PrismaClient } from '../../../src/store/sqlite/generated/client.ts';

/**
 * A process of its own that revises a script.
 *
 * `node --import tsx revise.ts <path> <times> <in flight>`; prints a line for each revision that is acknowledged:
 * how long it took, in milliseconds.
 */
const [path = '', times = '0', inFlight = '1'] = process.argv.slice(2);
const client = new PrismaClient({ adapter: createSqliteAdapter({ path }) });
let left = Number(times);

await Promise.all(
  Array.from({ length: Number(inFlight) }, async () => {
    while (left-- > 0) {
      const startMs = performance.now();
      await client.dtraceScript.update({ where: { uuid: 'script-1' }, data: { revision: { increment: 1 } } });
      process.stdout.write(`${performance.now() - startMs}\n`);
    }
  }),
);
await client.$disconnect();
