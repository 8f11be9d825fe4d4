import cluster from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { reasonOf } from '../errors.ts';
import { createGateway } from '../gateway.ts';
import { graphqlEndpoint } from '../graphql/routes.ts';
import { createAccountOperations } from '../operations/account-operations.ts';
import { createAuditTrail } from '../operations/audit-trail.ts';
import type { Store } from '../store/store.ts';
import { readGatewayVersion } from '../telemetry/gateway-version.ts';
import { createLogger, type Logger } from '../telemetry/logger.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { openDatabase } from './open-database.ts';
import { startRetention } from './retention.ts';
import { print } from './run.ts';
import { startWorkers, toldToStop } from './workers.ts';

const closeTimeoutMs = 1_000;

/**
 * Runs the server until SIGTERM or SIGINT: updates the database, opens it, listens, and prints the address.
 *
 * @param options - `migrate: false` only checks that the database is up to date
 */
export async function serve(config: Config, options: { readonly migrate: boolean }): Promise<void> {
  if (cluster.isWorker) return work(config);
  const { log, tracing } = await startTelemetry(config);
  const store = await openDatabase(config, options, tracing);
  const stopRetention = startRetention(
    createAuditTrail(store, () => new Date()),
    config.auditRetentionDays,
    (error) => log.error({ event: 'audit-retention-failed', reason: reasonOf(error) }),
  );
  try {
    const server = await (config.workers > 1
      ? startWorkers(config.workers, log)
      : createGateway(store, config, log, tracing).listen(config.host, config.port));
    try {
      // After listening: if the port is in use, the token must not be lost, because it is shown only once.
      const first = await createAccountOperations(store, () => new Date()).bootstrap();
      const stopSignal = firstSignal();
      await print(welcome(server.url + graphqlEndpoint, store.provider, first?.token));
      log.info({
        event: 'started',
        url: server.url,
        database: store.provider,
        version: readGatewayVersion(),
      });
      await stopSignal;
      await print('Stopping.\n');
      log.info({ event: 'stopping' });
    } finally {
      await server.stop(config.shutdownTimeoutMs);
    }
  } finally {
    stopRetention();
    await release(store, tracing);
  }
  log.info({ event: 'stopped' });
}

/** Serves as one of several workers until the primary process stops it. The primary process does everything else. */
async function work(config: Config): Promise<void> {
  const stopped = toldToStop();
  const { log, tracing } = await startTelemetry(config);
  const store = await openDatabase(config, { migrate: false }, tracing);
  try {
    const server = await createGateway(store, config, log, tracing).listen(config.host, config.port);
    await stopped;
    await server.stop(config.shutdownTimeoutMs);
  } finally {
    await release(store, tracing);
  }
}

async function release(store: Store, tracing: Tracing | undefined): Promise<void> {
  // Operations may still wait for the database after the timeout. They are not waited for any longer.
  await Promise.race([store.close(), sleep(closeTimeoutMs)]);
  await tracing?.stop();
}

/** Creates the log and, if an exporter is configured, traces. Only then the libraries of traces are loaded. */
async function startTelemetry({ logLevel, tracing }: Config): Promise<{ log: Logger; tracing?: Tracing }> {
  if (!tracing) return { log: createLogger(logLevel) };
  const { startTracing, traceFacts } = await import('../telemetry/tracing.ts');
  const log = createLogger(logLevel, traceFacts);
  return { log, tracing: startTracing(log) };
}

function welcome(url: string, provider: string, adminToken: string | undefined): string {
  const query = `{"query":"{ viewer { name } dtraceScripts { uuid name config } }"}`;
  const firstRun =
    adminToken === undefined
      ? []
      : [
          '',
          'This is the first start. Keep this token: it is shown only now, and has every permission.',
          '',
          `Admin token: ${adminToken}`,
        ];
  return [
    `The DTrace gateway is ready (${provider}).`,
    '',
    `GraphQL and GraphiQL: ${url}`,
    ...firstRun,
    '',
    'A first query to paste:',
    '',
    `curl -s ${url} -H 'content-type: application/json' \\`,
    `  -H 'authorization: Bearer ${adminToken ?? '<token>'}' \\`,
    `  -d '${query}'`,
    '',
    '',
  ].join('\n');
}

/** Waits for the first signal to stop. A second signal ends the process at once. */
function firstSignal(): Promise<void> {
  const signals = ['SIGTERM', 'SIGINT'] as const;
  return new Promise((resolve) => {
    const stop = () => {
      for (const signal of signals) process.off(signal, stop);
      resolve();
    };
    for (const signal of signals) process.on(signal, stop);
  });
}
