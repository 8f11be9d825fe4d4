import { join } from 'node:path';
import { built, root } from './build-programs.ts';

export interface ServerKind {
  readonly name: string;
  readonly title: string;
  /** The arguments of `node`. */
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether its log on standard error goes to /dev/null. */
  readonly discardsLog?: boolean;
  /** Whether it has FiFo's REST API. */
  readonly hasRest: boolean;
}

/** The servers, started as their guides say. The gateway has its defaults. */
const production = { NODE_ENV: 'production' };

export const serverKinds: readonly ServerKind[] = [
  {
    name: 'ceiling',
    title: 'bare node:http and the driver',
    args: [built('ceiling')],
    environment: production,
    hasRest: true,
  },
  {
    name: 'spliced',
    title: 'the ceiling with tokens in memory and shared commits',
    args: [built('spliced')],
    environment: production,
    hasRest: true,
  },
  {
    name: 'gateway',
    title: 'this gateway',
    args: [join(root, 'bin', 'dtrace-gateway.js'), 'serve'],
    hasRest: true,
  },
  {
    name: 'apollo',
    title: 'Apollo Server 5, Pothos, Prisma 7',
    args: [built('apollo')],
    environment: production,
    hasRest: false,
  },
  {
    name: 'yoga',
    title: 'GraphQL Yoga 5, Pothos, Prisma 7',
    args: [built('yoga')],
    environment: production,
    hasRest: false,
  },
  {
    name: 'mercurius',
    title: 'Fastify 5, Mercurius with its JIT, Pothos, the driver',
    args: [built('mercurius')],
    environment: { ...production, JIT: '1' },
    hasRest: false,
  },
  {
    name: 'mercurius-plain',
    title: 'Fastify 5, Mercurius without its JIT, Pothos, the driver',
    args: [built('mercurius')],
    environment: { ...production, JIT: '0' },
    hasRest: false,
  },
];

/** @throws Error if the name is unknown */
export function findServer(name: string): ServerKind {
  const found = serverKinds.find((kind) => kind.name === name);
  if (found === undefined) throw new Error(`There is no server ${name}.`);
  return found;
}

/** The gateway without a read cache. It is measured only when it is named. */
export const uncachedGateway: ServerKind = {
  ...findServer('gateway'),
  name: 'uncached',
  title: 'this gateway with READ_CACHE_BYTES=0',
  environment: { READ_CACHE_BYTES: '0' },
};

/** Another checkout of the gateway, already built. */
export function otherGateway(folder: string): ServerKind {
  return {
    name: 'other',
    title: `the gateway in ${folder}`,
    args: [join(folder, 'bin', 'dtrace-gateway.js'), 'serve'],
    hasRest: true,
  };
}
