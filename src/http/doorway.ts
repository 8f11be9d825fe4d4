import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { createGraphQLError, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import { GatewayError } from '../errors.ts';
import type { Viewer } from '../identity/viewer.ts';
import type { GatewayContext, RequestContext } from '../schema/context.ts';
import { stringify } from '../scripts/json-text.ts';
import { isJsonObject } from '../scripts/metadata-path.ts';
import { sendJson } from './send-json.ts';
import type { SignIn } from './sign-in.ts';

/** What a request brings along when it comes through the doorway, besides its operation. */
interface Entered extends RequestContext {
  readonly req: IncomingMessage;
}

/** The one operation that a body holds. */
interface Operation {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

/** The media type that Yoga would answer with, by the header `accept`. */
const mediaTypes: ReadonlyMap<string | undefined, string> = new Map([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['application/json', 'application/json'],
  ['application/json, */*', 'application/json'],
  ['application/graphql-response+json', 'application/graphql-response+json'],
  ['application/graphql-response+json, application/json', 'application/graphql-response+json'],
  ['application/graphql-response+json,application/json', 'application/graphql-response+json'],
  ['application/graphql-response+json,application/json;q=0.9', 'application/graphql-response+json'],
]);

const contentTypes: ReadonlySet<string | undefined> = new Set([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=utf-8',
  'application/json; charset=UTF-8',
]);

/**
 * The short way for nearly all traffic: an operation posted as plain JSON goes from the socket straight to Yoga's own
 * parsing, validation and execution, and back, past the fetch API. Whatever is less plain takes Yoga's way from the
 * beginning; an answer that is no plain success takes it to its end. So no rule is written twice.
 */
export function createDoorway(options: {
  readonly endpoint: string;
  readonly maxBodyBytes: number;
  readonly signIn: SignIn;
}) {
  const { endpoint, maxBodyBytes, signIn } = options;
  const results = new WeakMap<IncomingMessage, ExecutionResult>();

  /** Lets Yoga finish a request whose operation has been executed already. */
  const plugin: Plugin<object, RequestContext & { readonly req?: IncomingMessage }> = {
    onParams({ context, setResult }) {
      const result = context.req && results.get(context.req);
      if (result === undefined) return;
      setResult(result);
      // Whoever asks has been looked up, and counted if refused.
      context.viewer = null;
    },
  };

  /** @param yoga - a server with the plug-in */
  const listener = (yoga: YogaServerInstance<RequestContext, GatewayContext>): RequestListener => {
    return (request, response) => {
      if (!isPlain(request)) yoga(request, response);
      else readBody(request, (body) => void enter(request, response, body));
    };

    async function enter(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
      const operation = readOperation(body);
      if (operation !== undefined) {
        const result = await run(request, operation);
        if (result.errors === undefined && result.extensions === undefined) {
          const contentType = `${mediaTypes.get(request.headers.accept)}; charset=utf-8`;
          sendJson(request, response, stringify({ data: result.data }), { 'content-type': contentType });
          return;
        }
        // Without data nothing has been executed: Yoga says what is wrong with the document or its variables.
        if (result.data !== undefined || result.errors?.[0]?.originalError instanceof GatewayError)
          results.set(request, result);
      }
      // Yoga takes the body from here when it has been read before.
      yoga(Object.assign(request, { body }), response);
    }

    async function run(request: IncomingMessage, operation: Operation): Promise<ExecutionResult> {
      let viewer: Viewer | null;
      try {
        viewer = await signIn(request, 'GRAPHQL');
      } catch (error) {
        const { message } = error as Error;
        return { errors: [createGraphQLError(message, { originalError: error as Error })] };
      }
      const context: Entered = { viewer, req: request };
      const params = { request: undefined, params: operation, context };
      return (await yoga.handleParams(params as never)) as ExecutionResult;
    }
  };

  function isPlain({ method, url, headers }: IncomingMessage): boolean {
    return (
      method === 'POST' &&
      url === endpoint &&
      headers.origin === undefined &&
      headers['sec-fetch-site'] === undefined &&
      contentTypes.has(headers['content-type']) &&
      headers['content-encoding'] === undefined &&
      Number(headers['content-length'] ?? Number.NaN) <= maxBodyBytes &&
      mediaTypes.has(headers.accept)
    );
  }

  return { plugin, listener };
}

function readBody(request: IncomingMessage, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => done(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
  // Who hangs up before the end gets no answer.
  request.on('error', () => {});
}

/** `undefined` for a body that is not one operation of the plainest kind. */
function readOperation(body: Buffer): Operation | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString());
  } catch {
    return undefined;
  }
  if (!isJsonObject(parsed)) return undefined;
  const { query, variables, operationName, ...more } = parsed;
  const isPlain =
    typeof query === 'string' &&
    (isAbsent(variables) || isJsonObject(variables)) &&
    (isAbsent(operationName) || typeof operationName === 'string') &&
    Object.keys(more).length === 0;
  return isPlain ? ({ query, variables, operationName } as Operation) : undefined;
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
