import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';
import { readRequirements } from './read-requirements.ts';

const sdl = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');
const gateway = process.env.DTRACE_ORIGIN ?? 'http://127.0.0.1:4000';

export default defineConfig({
  define: { __REQUIREMENTS__: JSON.stringify(readRequirements(sdl)) },
  // The page and the gateway share an origin, so that the browser needs no CORS.
  server: { host: '127.0.0.1', proxy: { '/graphql': gateway } },
  preview: { host: '127.0.0.1', proxy: { '/graphql': gateway } },
});
