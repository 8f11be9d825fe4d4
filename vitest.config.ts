import { defineConfig } from 'vitest/config';

/** Tests that need no database, are about one in particular, or cannot tell one from the other. */
const unit = [
  'test/*.test.ts',
  'test/{examples,http,permissions,scripts,store}/**/*.test.ts',
  'test/*/unit/**/*.test.ts',
  'test/cli/{misuse,output}.test.ts',
  'test/telemetry/logs.test.ts',
  'test/graph/views.test.ts',
  'test/schema/{permission-directive,sdl}.test.ts',
];

/** Tests that drive a browser, or are about what it is served: the database makes no difference. */
const graphiql = ['test/graphiql/**/*.test.ts'];

/** Tests that run unchanged on each database. */
const shared = ['test/**/*.test.ts'];

const common = { testTimeout: 60_000, hookTimeout: 60_000, isolate: false };

/** Vite would pick the ES build of graphql, Node picks the other: two copies, which refuse each other's types. */
const resolve = { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { resolve, test: { ...common, name: 'unit', include: unit } },
      { resolve, test: { ...common, testTimeout: 90_000, name: 'graphiql', include: graphiql } },
      ...(['sqlite', 'postgresql'] as const).map((provider) => ({
        resolve,
        test: {
          ...common,
          name: provider,
          include: shared,
          exclude: [...unit, ...graphiql],
          env: { TEST_PROVIDER: provider },
          globalSetup: provider === 'postgresql' ? ['test/support/postgres-server.ts'] : [],
        },
      })),
    ],
  },
});
