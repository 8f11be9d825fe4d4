/** The OpenAPI texts of an operation, in addition to its route. */
interface Operation {
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly object[];
  /** The answer if it succeeds. */
  readonly answer: { readonly status: number } & Readonly<Record<string, unknown>>;
  /** Failures in addition to the common ones, by the names of their components. */
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
  'Sets all keys of the body in the object at the path, all or none. Other keys stay as they are. Missing objects on the path are created. Another value on the path is answered with 400. 1 to 1,000 keys are allowed.';

export const operations = {
  listScripts: {
    summary: 'Lists all dtrace scripts.',
    description:
      'Lists the scripts that the caller may `get`, the oldest first. Without `first` it lists all of them; more than `MAX_LIST_SIZE` are an error (400), which asks for paging.',
    parameters: [
      option('x-full-list', 'header', '`true` lists objects instead of UUIDs.'),
      option(
        'x-full-list-fields',
        'header',
        'The members of the objects, separated by commas. Unknown names are ignored. Without the header, objects have all members.',
        { example: 'uuid,name' },
      ),
      option(
        'full-list',
        'query',
        "The same as `x-full-list`. FiFo's command line sends it. The header is used first.",
      ),
      option('full-list-fields', 'query', 'The same as `x-full-list-fields`. The header is used first.'),
      option('first', 'query', 'The most scripts to list. Not in FiFo.', {
        schema: { type: 'integer', minimum: 0 },
      }),
      option('after', 'query', 'The UUID of a script in the list: lists the scripts after it. Not in FiFo.', {
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
    description: 'The creator is granted `dtrace->UUID->...`.',
    answer: {
      status: 303,
      description: 'The script is created.',
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
    description: 'FiFo documents this route but does not support it. The gateway does.',
    answer: done,
    failures: ['NotFound'],
  },
  deleteScript: {
    summary: 'Deletes dtrace script with given uuid.',
    description: 'Deletes every grant that names it, too.',
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
