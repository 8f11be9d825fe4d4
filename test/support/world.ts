import { type Config, readConfig } from '../../src/config.ts';
import { createGateway } from '../../src/gateway.ts';
import type { RunningServer } from '../../src/http/server.ts';
import { type AccountOperations, createAccountOperations } from '../../src/operations/account-operations.ts';
import { migrateDatabase, openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { createDatabase, type TestDatabase } from './database.ts';
import { fetchFrom } from './fetch-from.ts';

/**
 * The users of the tests, with their permissions besides those of their own scripts: `admin` has every permission; `lister`
 * lists, but gets no script; `reader` lists and gets every script; `editor` gets and edits every script, and creates;
 * `creator` creates and lists; `blind` edits every script, but gets none.
 */
const people = {
  admin: ['...'],
  lister: ['cloud->dtrace->list'],
  reader: ['cloud->dtrace->list', 'dtrace->_->get'],
  editor: ['cloud->dtrace->_', 'dtrace->_->get', 'dtrace->_->edit'],
  creator: ['cloud->dtrace->create', 'cloud->dtrace->list'],
  blind: ['dtrace->_->edit'],
} as const;

export type Person = keyof typeof people;

export interface GraphqlAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into answers of every shape
  readonly data: any;
  readonly errors: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}

/** A gateway on a new database, with users. */
export interface World {
  readonly database: TestDatabase;
  readonly config: Config;
  readonly store: Store;
  readonly accounts: AccountOperations;
  readonly tokens: Readonly<Record<Person, string>>;
  /** Sends one operation as a user of the tests, with another token, or without a token (null). */
  ask(
    as: Person | { readonly token: string } | null,
    query: string,
    variables?: Readonly<Record<string, unknown>>,
  ): Promise<GraphqlAnswer>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Starts one more gateway of the world, on a free port. It stops when the world closes. */
  listen(): Promise<RunningServer>;
  /** Creates a user with these permissions. @returns a token of the user */
  addUser(name: string, ...permissions: string[]): Promise<string>;
  /** Creates a script as `admin`. @returns its UUID */
  addScript(
    name: string,
    more?: { readonly script?: string; readonly metadata?: unknown; readonly config?: unknown },
  ): Promise<string>;
  close(): Promise<void>;
}

export async function createWorld(environment: Readonly<Record<string, string>> = {}): Promise<World> {
  const database = await createDatabase();
  const config = readConfig({
    DATABASE_URL: database.url,
    // Requests come from one address unless a test names another one.
    TRUST_PROXY: 'loopback',
    MAX_FAILED_SIGN_INS: '1000000',
    ...environment,
  });
  await migrateDatabase(config);
  const store = await openStore(config);
  const accounts = createAccountOperations(store, () => new Date());
  const fetch = fetchFrom(createGateway(store, config));
  const servers: RunningServer[] = [];

  const addUser = async (name: string, ...permissions: string[]) => {
    await accounts.add('user', name);
    for (const permission of permissions) await accounts.grant('user', name, permission);
    return (await accounts.createToken(name, null, null)).token;
  };
  const tokens = {} as Record<Person, string>;
  for (const name of Object.keys(people) as Person[]) tokens[name] = await addUser(name, ...people[name]);

  const asked = new Map<string, Parameters<World['ask']>>();
  const ask: World['ask'] = async (as, query, variables) => {
    if (!/^\s*mutation|auditEvents/.test(query)) {
      asked.set(JSON.stringify([as, query, variables]), [as, query, variables]);
    }
    return send(as, query, variables);
  };
  const send: World['ask'] = (as, query, variables) => {
    const token = as === null ? null : typeof as === 'string' ? tokens[as] : as.token;
    return sendOperation((init) => fetch('/graphql', init), token, query, variables);
  };

  return {
    database,
    config,
    store,
    accounts,
    tokens,
    ask,
    fetch,
    listen: async () => {
      const server = await createGateway(store, config).listen('127.0.0.1', 0);
      servers.push(server);
      return server;
    },
    addUser,
    addScript: async (name, more = {}) => {
      const answer = await ask(
        'admin',
        'mutation ($input: CreateDtraceScriptInput!) { createDtraceScript(input: $input) { uuid } }',
        { input: { name, script: 'BEGIN { exit(0); }', ...more } },
      );
      return answer.data.createDtraceScript.uuid as string;
    },
    close: async () => {
      await Promise.all(servers.map((server) => server.stop(0)));
      await expectSameAnswers(asked.values(), send);
      await store.close();
      await database.drop();
    },
  };
}

/** How often a query is repeated at the end. */
const repetitions = 6;

/** At the end there are no writes: six answers to the same query must be equal. */
async function expectSameAnswers(
  queries: Iterable<Parameters<World['ask']>>,
  ask: World['ask'],
): Promise<void> {
  for (const [as, query, variables] of queries) {
    const answers = new Set<string>();
    for (let time = 0; time < repetitions; time += 1) {
      const { status, data, errors } = await ask(as, query, variables);
      answers.add(JSON.stringify({ status, data, errors }));
    }
    if (answers.size > 1) throw new Error(`Answers differ from one time to the next: ${query}`);
  }
}

/** Sends one operation with a token, or without one (null). */
export async function sendOperation(
  send: (init: RequestInit) => Promise<Response>,
  token: string | null,
  query: string,
  variables?: Readonly<Record<string, unknown>>,
): Promise<GraphqlAnswer> {
  const response = await send({
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await response.json()) as { data?: unknown; errors?: GraphqlAnswer['errors'] };
  const errors = (body.errors ?? []).map((error) => ({
    ...error,
    extensions: withoutRequestId(error.extensions, response),
  }));
  return { status: response.status, headers: response.headers, data: body.data, errors };
}

/** The details of an error without the request id. Checks that the id is that of the answer's header. */
export function withoutRequestId(
  { requestId, ...facts }: Readonly<Record<string, unknown>>,
  { headers }: Response,
): Readonly<Record<string, unknown>> {
  const id = headers.get('x-request-id');
  if (id === null || requestId !== id) throw new Error(`The error of the request ${id} names ${requestId}.`);
  return facts;
}

/** The codes of the errors in an answer, in order. */
export function codesOf(answer: GraphqlAnswer): unknown[] {
  return answer.errors.map(({ extensions }) => extensions.code);
}
