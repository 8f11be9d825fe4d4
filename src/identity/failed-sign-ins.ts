import { isIPv6 } from 'node:net';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { TooManyFailedSignInsError } from '../errors.ts';
import type { Logger } from '../telemetry/logger.ts';
import { BoundedMap } from './bounded-map.ts';

const windowSeconds = 60;

/** How many clients are counted at a time: an attacker may have any number of addresses. */
const maxClients = 10_000;

/** Counts the bad tokens of each client, in this process alone. `null` for a client without an address: not counted. */
export interface FailedSignIns {
  /** @throws TooManyFailedSignInsError while a client has sent as many as it may */
  check(address: string | null): Promise<void>;
  /** @throws TooManyFailedSignInsError when requests that came at once are too many together */
  add(address: string | null): Promise<void>;
}

/** @param max - how many a client may send within a minute, counted from the first one */
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
      // Once in a window: whoever goes on must not fill the log.
      if (failures.consumedPoints === max) log.warn({ event: 'too-many-failed-sign-ins', client });
      if (failures.consumedPoints > max) throw tooMany(failures);
    },
  };
}

/** A client with IPv6 has a whole network to take addresses from: the first 64 bits stand for it. */
function clientOf(address: string): string {
  if (!isIPv6(address)) return address;
  // The zone of an address, which is any text, tells interfaces of the server apart, and no clients.
  if (address.includes('%')) return clientOf(address.slice(0, address.indexOf('%')));
  // An IPv4 address written as one of IPv6.
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
