import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { documents } from '../documents.ts';
import { announce } from './announce.ts';
import { type Authenticate, expectCovered, type KnownCaller } from './callers.ts';
import { type MetadataWrite, type StatementName, type Statements, textOf } from './statements.ts';

type Variables = Readonly<Record<string, unknown>>;
type Answer = (caller: KnownCaller, variables: Variables) => string | Promise<string>;

export interface CeilingOptions {
  readonly statements: Statements;
  readonly authenticate: Authenticate;
  /** @returns whether it succeeded and is on the disk */
  setMetadata(write: MetadataWrite): Promise<boolean>;
}

/**
 * Bare node:http and prepared statements of the driver. The database builds the JSON of the answers from stored texts. The
 * server knows the documents of the workloads, and has no GraphQL, but it checks permissions.
 */
export function serveCeiling({ statements, authenticate, setMetadata }: CeilingOptions): void {
  const text = (name: StatementName, values: readonly unknown[]) => textOf(statements, name, values);
  const answers: ReadonlyMap<unknown, Answer> = new Map<unknown, Answer>([
    [
      documents.script,
      async (caller, { uuid }) => {
        expectCovered(caller, 'dtrace', String(uuid), 'get');
        return `{"data":{"dtraceScript":${await text('script', [uuid])}}}`;
      },
    ],
    [
      documents.list,
      async (caller, { first }) => {
        expectCovered(caller, 'cloud', 'dtrace', 'list');
        const scripts = caller.permissions.covers(['dtrace', 'any', 'get'])
          ? await text('list', [first])
          : await text('listGranted', [caller.userId, first]);
        return `{"data":{"dtraceScripts":${scripts}}}`;
      },
    ],
    [
      documents.listUuids,
      async (caller, { first }) => {
        expectCovered(caller, 'cloud', 'dtrace', 'list');
        return `{"data":{"dtraceScripts":${await text('listUuids', [first])}}}`;
      },
    ],
    [
      documents.batch,
      async (caller, { uuids }) => {
        for (const uuid of uuids as string[]) expectCovered(caller, 'dtrace', uuid, 'get');
        const scripts = await text('batch', [JSON.stringify(uuids)]);
        return `{"data":{"dtraceScriptsByUuid":${scripts}}}`;
      },
    ],
    [
      documents.setMetadata,
      async (caller, { uuid, path, value }) => {
        expectCovered(caller, 'dtrace', String(uuid), 'edit');
        const write = { uuid: String(uuid), path: path as string[], value: JSON.stringify(value) };
        if (!(await setMetadata(write)))
          throw new Error('The script is not there, or something is in the way.');
        return `{"data":{"setDtraceScriptMetadata":{"uuid":"${uuid}"}}}`;
      },
    ],
  ]);

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  server.listen(0, '127.0.0.1', () => announce(server));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = request.method === 'POST' ? await bodyOf(request) : '';
    const caller = await authenticate(request.headers.authorization);
    const json =
      request.method === 'POST'
        ? await answerGraphql(caller, body)
        : await answerRest(caller, request.url ?? '');
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(json),
    });
    response.end(json);
  }

  function answerGraphql(caller: KnownCaller, body: string): string | Promise<string> {
    const { query, variables } = JSON.parse(body) as { query: string; variables: Variables };
    const known = answers.get(query);
    if (known === undefined) throw new Error('The ceiling does not know this document.');
    return known(caller, variables);
  }

  async function answerRest(caller: KnownCaller, path: string): Promise<string> {
    const uuid = path.slice('/dtrace/'.length);
    expectCovered(caller, 'dtrace', uuid, 'get');
    return text('restScript', [uuid]);
  }
}

function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () =>
      resolve((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString() ?? ''),
    );
    request.on('error', reject);
  });
}
