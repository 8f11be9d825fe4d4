import { graphql } from '../../workloads.ts';
import { oneRequest, type WorstKind } from '../kind.ts';

/** Long, deep or tangled documents, each just below MAX_DOCUMENT_TOKENS where that is the limit. */
export const documentKinds: readonly WorstKind[] = [
  document(
    'same-fields',
    '1,980 fields alike: more than can be compared',
    `{ viewer { ${'name '.repeat(1_980)} } }`,
  ),
  document(
    'merged-fields',
    '700 fields alike: all are compared with all',
    `{ viewer { ${'name '.repeat(700)} } }`,
  ),
  document(
    'nested',
    '640 selections within each other',
    `{ ${'... { '.repeat(640)}__typename${' }'.repeat(640)} }`,
  ),
  document('fragments', '180 fragments, each with the one before twice', fragmentChain(180)),
  document('wide-fragments', '200 fragments, each spread once', wideFragments(200)),
  document(
    'directives',
    '270 directives on one field',
    `{ __typename ${'@skip(if: false) '.repeat(270).trim()} }`,
  ),
  document(
    'unknown-fields',
    '1,900 fields that do not exist',
    `{ viewer { ${numbered(1_900, (n) => `unknown${n}`)} } }`,
  ),
  document(
    'unknown-variables',
    '490 variables that nobody uses',
    `query (${numbered(490, (n) => `$v${n}: Int`)}) { __typename }`,
  ),
  document('too-many-tokens', 'a document of 1 MB', `{ ${'name '.repeat(200_000)} }`),
  document('comment', 'a comment of 1 MB', `# ${'x'.repeat(1_000_000)}\n{ __typename }`),
  document(
    'long-string',
    'a string of 1 MB in the document',
    `{ dtraceScripts(first: 1, filter: { name: { contains: "${'x'.repeat(1_000_000)}" } }) { uuid } }`,
  ),
  document(
    'introspection',
    'all of the schema, the types below them to the depth that is allowed',
    `{ __schema { description queryType { name } mutationType { name } directives { name description locations args { name description defaultValue type { name kind } } }
      types { kind name description specifiedByURL interfaces { name } possibleTypes { name } enumValues { name description }
        inputFields { name description defaultValue type { kind name ofType { kind name ofType { kind name } } } }
        fields { name description args { name description defaultValue type { kind name ofType { kind name ofType { kind name } } } }
          type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }`,
  ),
  document(
    'introspections',
    'the fields of all types, again and again',
    `{ ${numbered(9, (n) => `s${n}: __schema { types { name description fields { name description type { name description fields { name description } } } } }`)} }`,
  ),
];

function document(name: string, title: string, query: string): WorstKind {
  return oneRequest(name, title, () => graphql('frontend', query, {}));
}

function numbered(count: number, text: (number: number) => string): string {
  return Array.from({ length: count }, (_, number) => text(number)).join(' ');
}

/** If visited fragments are not remembered, the last fragment has 2^count fields. */
function fragmentChain(count: number): string {
  const fragments = numbered(
    count,
    (n) => `fragment F${n} on Viewer { ${n === 0 ? 'name' : `...F${n - 1} ...F${n - 1}`} }`,
  );
  return `{ viewer { ...F${count - 1} } } ${fragments}`;
}

function wideFragments(count: number): string {
  return `{ viewer { ${numbered(count, (n) => `...F${n}`)} } } ${numbered(count, (n) => `fragment F${n} on Viewer { name }`)}`;
}
