import fc from 'fast-check';

/** Texts that have broken things before: here, elsewhere, or in somebody's database. */
const awkward = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'toString',
  '..',
  '.',
  '%',
  '_',
  '...',
  '->',
  'dtrace->_->get',
  "'; DROP TABLE users; --",
  '$filter$',
  '\u0000',
  '\ud800',
  '\u202e',
  '🦊',
  'e\u0301',
  '[0]',
  '"',
  '\\',
  '1e999',
  'x'.repeat(300),
];

export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...awkward),
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
