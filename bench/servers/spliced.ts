import { createTokenMemory } from './callers.ts';
import { serveCeiling } from './ceiling-server.ts';
import { groupWrites } from './group-writes.ts';
import { openStatements } from './statements.ts';

/** What a server could do at most when requests share what they can: it keeps tokens in memory, and commits writes in groups. */
const statements = openStatements();
serveCeiling({
  statements,
  authenticate: createTokenMemory(statements),
  setMetadata: groupWrites((writes) => statements.setMetadata(writes)),
});
