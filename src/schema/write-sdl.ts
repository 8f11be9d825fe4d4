import { writeFileSync } from 'node:fs';
import { printFederationSdl, printStitchingSdl } from './gateway-sdl.ts';
import { createSchema, printSdl } from './schema.ts';

// `npm run schema` runs this.
const schema = createSchema();
write('schema.graphql', printSdl(schema));
write('schema.stitching.graphql', printStitchingSdl(schema));
write('schema.federation.graphql', printFederationSdl(schema));

function write(name: string, sdl: string): void {
  writeFileSync(new URL(`../../${name}`, import.meta.url), sdl);
}
