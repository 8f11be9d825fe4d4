import { defineConfig } from 'vitest/config';

/** The end of a test's name says on which databases it runs; CONTRIBUTING.md tells which end to choose. */
const everyTest = ['test/**/*.test.ts'];
/** They need no database, are about SQLite alone, or cannot tell one database from the other. */
const once = ['test/**/*.once.test.ts'];
/** They are about both databases at once, or about PostgreSQL alone: they run where a PostgreSQL server is at hand. */
const both = ['test/**/*.both.test.ts'];

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
        include: everyTest,
        exclude: provider === 'postgresql' ? once : both,
        env: { TEST_PROVIDER: provider },
        globalSetup: provider === 'postgresql' ? ['test/support/postgres-server.ts'] : [],
      },
    })),
  },
});
