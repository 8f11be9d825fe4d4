import { runProgram } from './cli/program.ts';

// What `npm start` runs: `dtrace-gateway serve`.
process.exitCode = await runProgram(['serve']);
