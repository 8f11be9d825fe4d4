// Reads commands as lines of JSON, and runs them one after the other.
import { createInterface } from 'node:readline';

const { runProgram } = await import('../../dist/cli/program.js');

for await (const line of createInterface({ input: process.stdin })) {
  const code = await runProgram(JSON.parse(line));
  process.stdout.write(`\0${code}\0`);
  process.stderr.write('\0');
}
