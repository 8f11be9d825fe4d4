import { createServer, type Server } from 'node:http';
import { buildHTTPExecutor } from '@graphql-tools/executor-http';
import { stitchSchemas } from '@graphql-tools/stitch';
import { stitchingDirectives } from '@graphql-tools/stitching-directives';
import type { ExecutionResult } from '@graphql-tools/utils';
import { schemaFromExecutor } from '@graphql-tools/wrap';
import { buildSchema, parse } from 'graphql';
import { createYoga } from 'graphql-yoga';

interface Caller {
  readonly authorization: string | null;
}

/**
 * One graph over the DTrace gateway and the service of the hosts.
 *
 * @param scriptsUrl - GraphQL of the DTrace gateway
 * @param hostsUrl - GraphQL of the hosts
 * @param token - reads the SDL, once; callers bring tokens of their own
 */
export async function createStitchingGateway(
  scriptsUrl: string,
  hostsUrl: string,
  token: string,
): Promise<Server> {
  const scripts = executorFor(scriptsUrl);
  const hosts = executorFor(hostsUrl);
  const sdl = (await scripts({
    document: parse('{ _sdl }'),
    context: { authorization: `Bearer ${token}` },
  })) as ExecutionResult<{ _sdl: string }>;
  if (!sdl.data) throw new Error(`No SDL from ${scriptsUrl}: ${sdl.errors?.[0]?.message}`);

  const { stitchingDirectivesTransformer } = stitchingDirectives();
  const schema = stitchSchemas({
    subschemaConfigTransforms: [stitchingDirectivesTransformer],
    subschemas: [
      // `batch` sends what one operation asks of a service in one HTTP request.
      { schema: buildSchema(sdl.data._sdl), executor: scripts, batch: true },
      { schema: await schemaFromExecutor(hosts), executor: hosts, batch: true },
    ],
  });
  return createServer(
    createYoga<Record<string, never>, Caller>({
      schema,
      logging: false,
      // The errors are those of the services, who have masked what is nobody's business.
      maskedErrors: false,
      context: ({ request }) => ({ authorization: request.headers.get('authorization') }),
    }),
  );
}

/** Sends operations to a service, with the caller's own token. */
function executorFor(endpoint: string) {
  return buildHTTPExecutor({
    endpoint,
    headers: (request): Record<string, string> => {
      const { authorization = null } = (request?.context ?? {}) as Partial<Caller>;
      return authorization === null ? {} : { authorization };
    },
  });
}
