import { isIPv6 } from 'node:net';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { TooManyFailedSignInsError } from '../errors.ts';
import type { Logger } from '../telemetry/logger.ts';
import { BoundedMap } from './bounded-map.ts';

const windowSeconds = 60;

/** The most clients counted at a time: an attacker may have any number of addresses. */
const maxClients = 10_000;

/** Counts the bad tokens of each client, in this process only. A client without an address (`null`) is not counted. */
export interface FailedSignIns {
  /** @throws TooManyFailedSignInsError if the client has reached the limit */
  check(address: string | null): Promise<void>;
  /** @throws TooManyFailedSignInsError if concurrent requests exceed the limit together */
  add(address: string | null): Promise<void>;
}

/** @param max - bad tokens that a client may send within a minute, counted from the first one */
export function createFailedSignIns(max: number, log: Logger): FailedSignIns {
  const limiter = new RateLimiterMemory({ points: max, duration: windowSeconds });
  const counted = new BoundedMap<string, true>(maxClients, (client) => void limiter.delete(client));

  return {
    async check(address) {
      if (address === null) return;
      const failures = await limiter.get(clientOf(address));
      if (failures !== null && failures.consumedPoints >= max) throw tooMany(failures);
    },
    async add(address) {
      if (address === null) return;
      const client = clientOf(address);
      if (!counted.has(client)) counted.set(client, true);
      const failures = await limiter.penalty(client);
      // Logged once in a window: further requests must not fill the log.
      if (failures.consumedPoints === max) log.warn({ event: 'too-many-failed-sign-ins', client });
      if (failures.consumedPoints > max) throw tooMany(failures);
    },
  };
}

/** A client with IPv6 can use a whole network of addresses, so its first 64 bits identify it. */
function clientOf(address: string): string {
  if (!isIPv6(address)) return address;
  // A zone is any text. It names an interface of the server, not a client.
  if (address.includes('%')) return clientOf(address.slice(0, address.indexOf('%')));
  // An IPv4 address in IPv6 notation.
  if (address.includes('.')) return address.slice(address.lastIndexOf(':') + 1);
  const [before = [], after = []] = address
    .split('::')
    .map((groups) => (groups === '' ? [] : groups.split(':').map((group) => Number.parseInt(group, 16))));
  const zeros = Array<number>(8 - before.length - after.length).fill(0);
  const network = [...before, ...zeros, ...after].slice(0, 4);
  return `${network.map((group) => group.toString(16)).join(':')}::/64`;
}

function tooMany({ msBeforeNext }: RateLimiterRes): TooManyFailedSignInsError {
  return new TooManyFailedSignInsError(Math.max(1, Math.ceil(msBeforeNext / 1000)));
}
