import { runProgram } from './cli/program.ts';

// `npm start` runs this: `dtrace-gateway serve`.
process.exit(await runProgram(['serve']));
