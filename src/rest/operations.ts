/** What the OpenAPI description says of an operation besides what its route says. */
interface Operation {
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly object[];
  /** Its answer when all is well. */
  readonly answer: { readonly status: number } & Readonly<Record<string, unknown>>;
  /** Failures besides those that any operation may have, by the name of their component. */
  readonly failures: readonly ('BadRequest' | 'NotFound')[];
}

const header = (name: string) => ({ $ref: `#/components/headers/${name}` });
const headers = { vary: header('Vary'), 'x-request-id': header('RequestId') };
const schema = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (contents: object) => ({ 'application/json': { schema: contents } });
const done = { status: 204, $ref: '#/components/responses/Done' };
const option = (name: string, place: 'header' | 'query', description: string, more: object = {}) => ({
  name,
  in: place,
  description,
  schema: { type: 'string' },
  ...more,
});

const setMetadata =
  'Sets every key of the body in the object that the path names, all or none, and leaves the rest alone. Objects on the way are created; anything else in the way is answered with 400. At most 1,000 keys, at least one.';

export const operations = {
  listScripts: {
    summary: 'Lists all dtrace scripts.',
    description:
      'Only scripts that the caller may `get`, the oldest first. Without `first` all of them; when there are more than `MAX_LIST_SIZE`, that is an error (400) which asks for paging.',
    parameters: [
      option('x-full-list', 'header', '`true` to get objects instead of UUIDs.'),
      option(
        'x-full-list-fields',
        'header',
        'The members of those objects, separated by commas. Unknown names are ignored; without the header every member is there.',
        { example: 'uuid,name' },
      ),
      option(
        'full-list',
        'query',
        "The same as `x-full-list`, which goes before it: FiFo's command line sends it so.",
      ),
      option('full-list-fields', 'query', 'The same as `x-full-list-fields`, which goes before it.'),
      option('first', 'query', 'How many scripts at most. Not in FiFo.', {
        schema: { type: 'integer', minimum: 0 },
      }),
      option('after', 'query', 'The UUID of the script of the list to continue behind. Not in FiFo.', {
        schema: { type: 'string', format: 'uuid' },
      }),
    ],
    answer: {
      status: 200,
      description: 'The list.',
      headers: { ...headers, link: header('Link') },
      content: json({
        oneOf: [
          { type: 'array', items: schema('Uuid') },
          { type: 'array', minItems: 1, items: schema('PartialScript') },
        ],
      }),
    },
    failures: ['BadRequest'],
  },
  createScript: {
    summary: 'Creates a dtrace script.',
    description: 'Its creator is granted `dtrace->UUID->...`.',
    answer: {
      status: 303,
      description: 'It is created.',
      headers: { ...headers, location: header('Location') },
    },
    failures: [],
  },
  readScript: {
    summary: 'Returns dtrace script for given uuid.',
    answer: { status: 200, description: 'The script.', headers, content: json(schema('Script')) },
    failures: ['NotFound'],
  },
  editScript: {
    summary: 'Edits dtrace script with given uuid.',
    description: 'FiFo documents the route and does not support it; the gateway does.',
    answer: done,
    failures: ['NotFound'],
  },
  deleteScript: {
    summary: 'Deletes dtrace script with given uuid.',
    description: 'And every grant that names it.',
    answer: done,
    failures: ['NotFound'],
  },
  setRootMetadata: {
    summary: 'Sets metadata keys for dtrace with given uuid, at the root.',
    description: setMetadata,
    answer: done,
    failures: ['NotFound'],
  },
  setMetadata: {
    summary: 'Sets metadata keys for dtrace with given uuid.',
    description: setMetadata,
    answer: done,
    failures: ['NotFound'],
  },
  unsetRootMetadata: {
    summary: 'Refused: the metadata as a whole cannot be removed.',
    answer: { status: 400, $ref: '#/components/responses/BadRequest' },
    failures: [],
  },
  unsetMetadata: {
    summary: 'Removes a metadata key for dtrace with given uuid.',
    answer: done,
    failures: ['BadRequest', 'NotFound'],
  },
} as const satisfies Readonly<Record<string, Operation>>;

export type OperationId = keyof typeof operations;

export function operationOf(id: OperationId): Operation {
  return operations[id];
}
