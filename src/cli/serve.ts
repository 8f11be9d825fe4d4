import type { Config } from '../config.ts';
import { createGateway, graphqlEndpoint } from '../http/gateway.ts';
import { listen, type RunningServer } from '../http/server.ts';
import { createAccountOperations } from '../operations/account-operations.ts';
import { migrateDatabase, openStore } from '../store/open-store.ts';

/** Runs the server until SIGTERM or SIGINT: brings the database up to date, opens it, listens, tells people. */
export async function serve(config: Config): Promise<void> {
  await migrateDatabase(config);
  const store = await openStore(config);
  try {
    const server = await listen(createGateway(store, config), config.host, config.port);
    const first = await createAccountOperations(store, () => new Date()).bootstrap();
    process.stdout.write(welcome(server.url + graphqlEndpoint, store.provider, first?.token));
    await untilAskedToStop(server, config.shutdownTimeoutMs);
  } finally {
    await store.close();
  }
}

function welcome(url: string, provider: string, adminToken: string | undefined): string {
  const query = `{"query":"{ viewer { name } dtraceScripts { uuid name config } }"}`;
  const firstRun =
    adminToken === undefined
      ? []
      : [
          '',
          'This is the first start. Keep this token: it is shown only now, and may do everything.',
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

/** Waits for the first signal and stops; a second signal ends the process at once. */
async function untilAskedToStop(server: RunningServer, timeoutMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  process.stdout.write('Stopping.\n');
  await server.stop(timeoutMs);
}
