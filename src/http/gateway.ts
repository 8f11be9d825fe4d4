import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { createYoga, useReadinessCheck, type YogaServerInstance } from 'graphql-yoga';
import type { Config } from '../config.ts';
import { createAuthenticator } from '../identity/authenticator.ts';
import { createAccountOperations } from '../operations/account-operations.ts';
import { createScriptOperations } from '../operations/script-operations.ts';
import type { GatewayContext } from '../schema/context.ts';
import { createSchema } from '../schema/schema.ts';
import { createScriptLoader } from '../schema/script-loader.ts';
import type { Store } from '../store/store.ts';
import { createLogger } from './logger.ts';
import { useErrorCodes } from './use-error-codes.ts';
import { useHomeRedirect } from './use-home-redirect.ts';
import { useRequestId } from './use-request-id.ts';
import { useViewer } from './use-viewer.ts';

export const graphqlEndpoint = '/graphql';

type GatewayServer = YogaServerInstance<Record<string, never>, GatewayContext>;

/** The HTTP face of the gateway. The list of plug-ins is a request's life, from top to bottom. */
export function createGateway(store: Store, config: Pick<Config, 'limits' | 'corsOrigins'>): GatewayServer {
  const now = () => new Date();
  const log = createLogger();
  const scripts = createScriptOperations(store, config.limits, now);
  const accounts = createAccountOperations(store, now);
  const viewer = useViewer(createAuthenticator(store.accounts, now));

  return createYoga<Record<string, never>, GatewayContext>({
    schema: createSchema(),
    graphqlEndpoint,
    landingPage: false,
    healthCheckEndpoint: '/health/live',
    graphiql: { title: 'DTrace gateway' },
    renderGraphiQL,
    cors: config.corsOrigins.length > 0 ? { origin: [...config.corsOrigins], credentials: false } : false,
    multipart: false,
    logging: false,
    // Every error, masked ones included, is put into its final form in one place: useErrorCodes.
    maskedErrors: false,
    plugins: [
      useRequestId(),
      useHomeRedirect(graphqlEndpoint),
      useReadinessCheck({ endpoint: '/health/ready', check: () => isReady(store) }),
      viewer.plugin,
      useErrorCodes(log),
    ],
    context: ({ request }) => ({
      viewer: viewer.of(request),
      scripts,
      accounts,
      loader: createScriptLoader(scripts),
    }),
  });
}

async function isReady(store: Store): Promise<boolean> {
  try {
    await store.ping();
    return true;
  } catch {
    return false;
  }
}
