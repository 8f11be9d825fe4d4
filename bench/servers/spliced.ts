import { createTokenMemory } from './callers.ts';
import { serveCeiling } from './ceiling-server.ts';
import { groupWrites } from './group-writes.ts';
import { openStatements } from './statements.ts';

/** The fastest possible server whose requests share work: it caches tokens, and commits writes in groups. */
const statements = openStatements();
serveCeiling({
  statements,
  authenticate: createTokenMemory(statements),
  setMetadata: groupWrites((writes) => statements.setMetadata(writes)),
});
