import { runProgram } from './cli/program.ts';

// What `npm start` runs: `dtrace-gateway serve`.
process.exit(await runProgram(['serve']));
