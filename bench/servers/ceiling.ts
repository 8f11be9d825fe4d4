import { createTokenLookup } from './callers.ts';
import { serveCeiling } from './ceiling-server.ts';
import { openStatements } from './statements.ts';

/**
 * What a server could do at most with each request by itself: it looks the token up at every request, and commits every
 * write by itself.
 */
const statements = openStatements();
serveCeiling({
  statements,
  authenticate: createTokenLookup(statements),
  setMetadata: async (write) => (await statements.setMetadata([write]))[0] === true,
});
