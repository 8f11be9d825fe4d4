import { authorization, graphql } from '../../workloads.ts';
import { oneRequest, type WorstKind } from '../kind.ts';
import { manyMembers, type WorstLibrary } from '../library.ts';

const set = `mutation ($uuid: UUID!, $path: [String!]!, $value: JSON) {
  setDtraceScriptMetadata(uuid: $uuid, path: $path, value: $value) { uuid dtraceScript { metadata } }
}`;

/** Bodies near MAX_BODY_BYTES, and writes near MAX_METADATA_BYTES. */
export const bodies: readonly WorstKind[] = [
  oneRequest('deep-json', '1 MB of variables: 500,000 lists within each other', ({ writable }) => {
    const value = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;
    const plain = setValue(writable, 'VALUE');
    return { ...plain, body: plain.body.replace('"VALUE"', value) };
  }),
  oneRequest('many-keys', '1 MB of variables: an object with 70,000 keys', ({ writable }) =>
    setValue(
      writable,
      Object.fromEntries(Array.from({ length: 70_000 }, (_, number) => [`key-${number}`, 1])),
    ),
  ),
  oneRequest('many-numbers', '1 MB of variables: a list of 500,000 numbers', ({ writable }) =>
    setValue(writable, Array<number>(500_000).fill(1)),
  ),
  oneRequest('long-text', '1 MB of variables: one text where a UUID belongs', () =>
    graphql('frontend', 'query ($uuid: UUID!) { dtraceScript(uuid: $uuid) { name } }', {
      uuid: 'a'.repeat(1_000_000),
    }),
  ),
  oneRequest('bad-uuids', '1 MB of variables: 240,000 texts where UUIDs belong', () =>
    graphql('frontend', 'query ($uuids: [UUID!]!) { dtraceScriptsByUuid(uuids: $uuids) { name } }', {
      uuids: Array<string>(240_000).fill('a'),
    }),
  ),
  oneRequest('unknown-members', '1 MB of variables: 70,000 members that a filter does not have', () =>
    graphql(
      'frontend',
      'query ($filter: DtraceScriptFilter) { dtraceScripts(first: 1, filter: $filter) { name } }',
      {
        filter: Object.fromEntries(Array.from({ length: 70_000 }, (_, number) => [`key-${number}`, 1])),
      },
    ),
  ),
  oneRequest('many-conditions', '1 MB of variables: 20,000 conditions on metadata', () =>
    graphql(
      'frontend',
      'query ($filter: DtraceScriptFilter) { dtraceScripts(first: 1, filter: $filter) { name } }',
      {
        filter: { metadata: Array(20_000).fill({ path: ['tags'], isSet: true }) },
      },
    ),
  ),
  oneRequest('not-json', '1 MB that is no JSON', () => ({
    ...graphql('frontend', '{ __typename }', {}),
    body: `{"query": "${'\\u0041'.repeat(160_000)}`,
  })),
  oneRequest(
    'set-metadata',
    'setting 250 KB of metadata with 1,000 members, and reading it',
    ({ writable }) => setValue(writable, manyMembers()),
  ),
  oneRequest('set-metadata-20', '20 writes of 12 KB each', ({ uuids }) => {
    const fields = Array.from(
      { length: 20 },
      (_, number) =>
        `a${number}: setDtraceScriptMetadata(uuid: $uuid, path: ["p${number}"], value: $value) { uuid }`,
    );
    const query = `mutation ($uuid: UUID!, $value: JSON) { ${fields.join(' ')} }`;
    return graphql('frontend', query, { uuid: uuids[701], value: 'x'.repeat(12_000) });
  }),
  oneRequest(
    'rest-members',
    'REST: setting 1,000 members of metadata, 240 KB, each by itself',
    ({ uuids }) => ({
      method: 'PUT',
      path: `/dtrace/${uuids[700]}/metadata/members`,
      headers: { ...authorization('frontend'), 'content-type': 'application/json' },
      body: JSON.stringify(manyMembers()),
    }),
  ),
];

function setValue(uuid: WorstLibrary['writable'], value: unknown) {
  return graphql('frontend', set, { uuid, path: ['large'], value });
}
