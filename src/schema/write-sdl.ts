import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createSchema, printSdl } from './schema.ts';

// What `npm run schema` runs.
writeFileSync(fileURLToPath(new URL('../../schema.graphql', import.meta.url)), printSdl(createSchema()));
