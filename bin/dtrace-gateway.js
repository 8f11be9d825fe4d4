#!/usr/bin/env node
import { existsSync } from 'node:fs';

const program = new URL('../dist/cli/program.js', import.meta.url);
if (!existsSync(program)) {
  process.stderr.write('The gateway is not built yet: run `npm run build`.\n');
  process.exit(1);
}
const { runProgram } = await import(program.href);
process.exit(await runProgram(process.argv.slice(2)));
