import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { compilePermissions, type PermissionSet } from '../../src/permissions/permission-set.ts';
import { documents } from '../documents.ts';
import { announce } from './announce.ts';
import { openPostgresStatements } from './ceiling-postgresql.ts';
import { openSqliteStatements } from './ceiling-sqlite.ts';

/**
 * What a server could do at most: bare node:http and prepared statements of the database's driver, which answers JSON that
 * the database has put together. It knows the documents of the workloads by heart and has no GraphQL; but it looks the
 * token up at every request, checks the permissions, and commits every write by itself.
 */
export interface Statements {
  /** Runs the statement of that name. @returns its first row, by position */
  first(name: StatementName, values: readonly unknown[]): Row | undefined | Promise<Row | undefined>;
}

export type Row = readonly unknown[];

export type StatementName =
  | 'owner'
  | 'permissions'
  | 'script'
  | 'restScript'
  | 'list'
  | 'listGranted'
  | 'listUuids'
  | 'batch'
  | 'setMetadata';

interface Caller {
  readonly userId: string;
  readonly permissions: PermissionSet;
}

type Variables = Readonly<Record<string, unknown>>;
type Answer = (caller: Caller, variables: Variables) => string | Promise<string>;

const url = process.env.DATABASE_URL ?? '';
const statements = url.startsWith('file:') ? openSqliteStatements(url) : openPostgresStatements(url);

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
      const [parent, key] = path as string[];
      const values = [parent, key, JSON.stringify(value), new Date().toISOString(), uuid];
      return `{"data":{"setDtraceScriptMetadata":{"uuid":"${await text('setMetadata', values)}"}}}`;
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
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) });
  response.end(json);
}

function answerGraphql(caller: Caller, body: string): string | Promise<string> {
  const { query, variables } = JSON.parse(body) as { query: string; variables: Variables };
  const known = answers.get(query);
  if (known === undefined) throw new Error('The ceiling does not know this document.');
  return known(caller, variables);
}

async function answerRest(caller: Caller, path: string): Promise<string> {
  const uuid = path.slice('/dtrace/'.length);
  expectCovered(caller, 'dtrace', uuid, 'get');
  return text('restScript', [uuid]);
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

const compiled = new Map<unknown, { readonly version: unknown; readonly permissions: PermissionSet }>();

async function authenticate(authorization = ''): Promise<Caller> {
  const digest = createHash('sha256').update(authorization.slice('Bearer '.length)).digest('hex');
  const owner = await statements.first('owner', [digest]);
  if (owner === undefined) throw new Error('The token is unknown, expired or revoked.');
  const [userId, version] = owner as [string, unknown];
  const known = compiled.get(userId);
  if (known !== undefined && known.version === version) return { userId, permissions: known.permissions };
  const granted = JSON.parse(await text('permissions', [userId])) as string[];
  const permissions = compilePermissions(granted);
  compiled.set(userId, { version, permissions });
  return { userId, permissions };
}

function expectCovered(caller: Caller, ...required: string[]): void {
  if (!caller.permissions.covers(required)) throw new Error(`It takes ${required.join('->')}.`);
}

async function text(name: StatementName, values: readonly unknown[]): Promise<string> {
  const row = await statements.first(name, values);
  if (row === undefined) throw new Error(`The statement ${name} found nothing.`);
  return String(row[0]);
}
