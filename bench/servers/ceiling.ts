import { createTokenLookup } from './callers.ts';
import { serveCeiling } from './ceiling-server.ts';
import { openStatements } from './statements.ts';

/**
 * The fastest possible server that handles each request alone: it reads the token at every request, and commits every write
 * separately.
 */
const statements = openStatements();
serveCeiling({
  statements,
  authenticate: createTokenLookup(statements),
  setMetadata: async (write) => (await statements.setMetadata([write]))[0] === true,
});
