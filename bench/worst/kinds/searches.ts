import { graphql } from '../../workloads.ts';
import { oneRequest, type WorstKind } from '../kind.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);

/** Twenty conditions. All scripts meet all of them but the last. */
const conditions = numbers(20).map((number) =>
  number < 19 ? { path: ['tags'], isSet: true } : { path: ['jingles', 'threshold'], equals: -1 },
);

/** Requests that make the database or the permission check read many rows and answer few. */
export const searches: readonly WorstKind[] = [
  oneRequest('metadata-conditions', '20 lists with 20 conditions on metadata each', () => {
    const filters = numbers(20).map((number) => {
      const own = { path: ['jingles', `missing-${number}`], isSet: false };
      return [`f${number}`, { metadata: [own, ...conditions.slice(1)] }] as const;
    });
    const lists = filters.map(([name]) => `${name}: dtraceScripts(first: 1, filter: $${name}) { uuid }`);
    const declared = filters.map(([name]) => `$${name}: DtraceScriptFilter`);
    return graphql(
      'frontend',
      `query (${declared.join(', ')}) { ${lists.join(' ')} }`,
      Object.fromEntries(filters),
    );
  }),
  oneRequest('contains', 'a part of a name that no script has', () =>
    graphql(
      'frontend',
      '{ dtraceScripts(first: 1, filter: { name: { contains: "nowhere" } }) { uuid } }',
      {},
    ),
  ),
  oneRequest(
    'contains-20',
    '20 lists by parts of names that no script has, ordered by name, with their number',
    () => {
      const lists = numbers(20).map(
        (number) =>
          `a${number}: dtraceScriptsConnection(first: 1, filter: { name: { contains: "nowhere ${number}" } }, orderBy: { field: NAME }) { totalCount nodes { uuid } }`,
      );
      return graphql('frontend', `{ ${lists.join(' ')} }`, {});
    },
  ),
  oneRequest('refusals', '19 times 1,000 UUIDs that the caller may not get', ({ foreign }) => {
    const fields = numbers(19).map((number) => `a${number}: dtraceScriptsByUuid(uuids: $uuids) { uuid }`);
    return graphql('collector', `query ($uuids: [UUID!]!) { ${fields.join(' ')} }`, {
      uuids: foreign.slice(0, 1_000),
    });
  }),
  oneRequest('refused-entities', 'the same by _entities', ({ foreign }) => {
    const fields = numbers(19).map(
      (number) => `a${number}: _entities(representations: $all) { ... on DtraceScript { uuid } }`,
    );
    return graphql('collector', `query ($all: [_Any!]!) { ${fields.join(' ')} }`, {
      all: foreign.slice(0, 1_000).map((uuid) => ({ __typename: 'DtraceScript', uuid })),
    });
  }),
];
