import { authorization, graphql } from '../../workloads.ts';
import { oneRequest, type WorstKind } from '../kind.ts';

/** The most scripts with 30 fields each: 1 + 660 × 30 is just below MAX_COST. */
const scripts = 660;
const aliases = 30;

const aliased = (field: string) =>
  Array.from({ length: aliases }, (_, number) => `a${number}: ${field}`).join(' ');
const repeated = (uuid: string | undefined) => Array<string | undefined>(scripts).fill(uuid);

const allFields = 'uuid name script config metadata revision createdAt updatedAt';

/** Requests with a large answer. */
export const answers: readonly WorstKind[] = [
  oneRequest('by-uuid', 'one UUID 660 times, its source of 31,000 bytes under 30 aliases', ({ large }) =>
    graphql(
      'frontend',
      `query ($uuids: [UUID!]!) { dtraceScriptsByUuid(uuids: $uuids) { ${aliased('script')} } }`,
      {
        uuids: repeated(large[0]),
      },
    ),
  ),
  oneRequest('entities', 'the same by _entities', ({ large }) =>
    graphql(
      'frontend',
      `query ($all: [_Any!]!) { _entities(representations: $all) { ... on DtraceScript { ${aliased('script')} } } }`,
      { all: repeated(large[0]).map((uuid) => ({ __typename: 'DtraceScript', uuid })) },
    ),
  ),
  oneRequest('list', 'the same by a list of 660 such scripts', () =>
    graphql('frontend', `{ dtraceScripts(first: ${scripts}) { ${aliased('script')} } }`, {}),
  ),
  oneRequest('all-fields', '1,000 scripts, all fields, some of them twice', ({ uuids }) =>
    graphql(
      'frontend',
      `query ($uuids: [UUID!]!) { dtraceScriptsByUuid(uuids: $uuids) { ${allFields}
        b0: script b1: script b2: script b3: config b4: config b5: config b6: metadata b7: metadata b8: metadata b9: createdAt c: updatedAt } }`,
      { uuids: uuids.slice(-1_000) },
    ),
  ),
  oneRequest('metadata-paths', '30 paths of 250 KB of metadata, 660 times', ({ largeMetadata }) => {
    const fields = Array.from(
      { length: aliases },
      (_, number) => `a${number}: metadata(path: ["member-${number * 30}"])`,
    );
    const query = `query ($uuids: [UUID!]!) { dtraceScriptsByUuid(uuids: $uuids) { ${fields.join(' ')} } }`;
    return graphql('frontend', query, { uuids: repeated(largeMetadata) });
  }),
  oneRequest('metadata-whole', '250 KB of metadata, 1,000 times', ({ largeMetadata }) =>
    graphql('frontend', 'query ($uuids: [UUID!]!) { dtraceScriptsByUuid(uuids: $uuids) { metadata } }', {
      uuids: Array<string>(1_000).fill(largeMetadata),
    }),
  ),
  oneRequest('list-uuids', 'a list of 10,000 UUIDs', () =>
    graphql('frontend', '{ dtraceScripts(first: 10000) { uuid } }', {}),
  ),
  oneRequest('connection', 'a connection of 9,950 UUIDs', () =>
    graphql('frontend', '{ dtraceScriptsConnection(first: 9950) { nodes { uuid } } }', {}),
  ),
  oneRequest('audit-events', '1,000 events of the audit trail, all fields', () =>
    graphql(
      'frontend',
      `{ auditEvents(first: 1000) { nodes { id at action outcome via requestId userId userName tokenId address permission
        scriptUuid target } } }`,
      {},
    ),
  ),
  oneRequest('rest-list', 'REST: a list of 10,000 UUIDs', () => restList('/dtrace')),
  oneRequest('rest-full-list', 'REST: a list of 10,000 scripts with all members', () =>
    restList('/dtrace?full-list=true'),
  ),
];

function restList(path: string) {
  return { method: 'GET', path, headers: authorization('frontend'), body: '' } as const;
}
