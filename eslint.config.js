import { transformSync } from 'esbuild';
import regexp from 'eslint-plugin-regexp';

/**
 * Biome lints everything but this: whether the time that a regular expression takes grows with the square of what it is
 * given, or worse. ESLint reads no TypeScript by itself; esbuild takes the types away before.
 */
const withoutTypes = {
  meta: { name: 'without-types' },
  preprocess: (text, name) => [
    {
      text: transformSync(text, { loader: name.endsWith('x') ? 'tsx' : 'ts', target: 'esnext' }).code,
      filename: 'code.js',
    },
  ],
  postprocess: ([messages]) => messages,
};

export default [
  { ignores: ['dist/', 'test/', 'bench/', '**/generated/', '**/gql/'] },
  { files: ['**/*.{ts,tsx}'], processor: withoutTypes },
  {
    files: ['**/*.js'],
    plugins: { regexp },
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': 'error',
    },
  },
];
