// Runs the commands that come as lines of JSON, one after the other, each from its words to its exit code.
import { createInterface } from 'node:readline';

const { runProgram } = await import('../../dist/cli/program.js');

for await (const line of createInterface({ input: process.stdin })) {
  const code = await runProgram(JSON.parse(line));
  process.stdout.write(`\0${code}\0`);
  process.stderr.write('\0');
}
