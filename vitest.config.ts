import { defineConfig } from 'vitest/config';

/** Tests that run once: they need no database, are about one in particular, or cannot tell one from the other. */
const once = [
  'test/*.test.ts',
  'test/{examples,http,permissions,scripts}/**/*.test.ts',
  'test/store/sqlite/**/*.test.ts',
  'test/*/unit/**/*.test.ts',
  // What a browser is served.
  'test/graphiql/**/*.test.ts',
  'test/cli/{misuse,output}.test.ts',
  'test/telemetry/logs.test.ts',
  'test/graph/{gateways,views}.test.ts',
  // What HTTP makes of requests and of answers, whatever is in them.
  'test/rest/{cors,failures,misuse,openapi}.test.ts',
  'test/schema/{permission-directive,sdl}.test.ts',
];

/** Tests of both databases at once, and of PostgreSQL alone: they run where a PostgreSQL server is at hand. */
const both = ['test/store/*.test.ts', 'test/store/postgresql/**/*.test.ts'];

const common = { testTimeout: 90_000, hookTimeout: 60_000, isolate: false };

/** Vite would pick the ES build of graphql, Node picks the other: two copies, which refuse each other's types. */
const resolve = { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: (['sqlite', 'postgresql'] as const).map((provider) => ({
      resolve,
      test: {
        ...common,
        name: provider,
        include: ['test/**/*.test.ts'],
        exclude: provider === 'postgresql' ? once : both,
        env: { TEST_PROVIDER: provider },
        globalSetup: provider === 'postgresql' ? ['test/support/postgres-server.ts'] : [],
      },
    })),
  },
});
