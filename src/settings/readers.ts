import proxyAddr from '@fastify/proxy-addr';
import { z } from 'zod';
import { readAddress } from '../store/postgresql/address.ts';
import type { Reader } from './setting.ts';

/** A whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number): Reader<number> {
  return {
    allowed: `${least} to ${most}`,
    schema: z
      .string()
      .refine(
        (text) => /^\d{1,15}$/.test(text) && Number(text) >= least && Number(text) <= most,
        `must be a whole number from ${least} to ${most}`,
      )
      .transform(Number),
  };
}

export const onOrOff: Reader<boolean> = {
  allowed: '`on`, `off`',
  schema: z.enum(['on', 'off'], 'must be on or off').transform((text) => text === 'on'),
};

/** @param rule - the message for a wrong value, such as "must be a or b" */
export function oneOf<const T extends string>(words: readonly T[], rule: string): Reader<T> {
  return { allowed: words.map((word) => `\`${word}\``).join(', '), schema: z.enum(words, rule) };
}

/** @param allowed - in words, for the documentation */
export function text(allowed: string): Reader<string> {
  return { allowed, schema: z.string() };
}

export const filledText: Reader<string> = {
  allowed: 'a host name or an address',
  schema: z.string().min(1, 'must not be empty'),
};

export const httpAddress: Reader<string> = {
  allowed: 'an address with `http://` or `https://`',
  schema: z
    .string()
    .refine(
      (text) => /^https?:\/\/[^/]/.test(text) && URL.canParse(text),
      'must be a whole address such as https://id.example.com/jwks',
    )
    .refine(
      (text) => !URL.canParse(text) || new URL(text).username + new URL(text).password === '',
      'must not hold a user or a password',
    ),
};

export const databaseAddress: Reader<string> = {
  allowed: '`file:…`, `postgres://…`',
  schema: z
    .string()
    .refine((url) => /^file:.+/.test(url) || /^postgres(ql)?:\/\/.+/.test(url), {
      error: 'must begin with file: (SQLite) or postgres:// (PostgreSQL)',
      abort: true,
    })
    .refine((url) => url.startsWith('file:') || isPostgresUrl(url), {
      error: 'must be a whole address, its special characters percent-encoded',
      abort: true,
    })
    .superRefine((url, context) => {
      const mistake = url.startsWith('file:') ? undefined : mistakeIn(url);
      if (mistake !== undefined)
        context.addIssue({ code: 'custom', message: mistake, params: { isWhole: true } });
    }),
};

export const originList: Reader<string[]> = {
  allowed: 'origins, separated by commas; `*`',
  schema: z
    .string()
    .transform(separate)
    .refine(
      (origins) => origins.every((origin) => origin === '*' || isOrigin(origin)),
      'must be a comma-separated list of origins such as https://console.example.com',
    ),
};

export const proxyList: Reader<string[]> = {
  allowed: 'addresses, networks, `loopback`, separated by commas',
  schema: z
    .string()
    .transform(separate)
    .refine(
      isProxyList,
      'must be a comma-separated list of addresses, networks such as 10.0.0.0/8, or loopback',
    ),
};

function separate(list: string): string[] {
  return list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** The host may be missing, as in `postgres://user@/name?host=/run/postgresql`. */
function isPostgresUrl(text: string): boolean {
  return URL.canParse(text.replace('@/', '@localhost/'));
}

/** The first mistake in the parameters of an address. */
function mistakeIn(url: string): string | undefined {
  try {
    readAddress(url);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

function isProxyList(proxies: readonly string[]): boolean {
  try {
    proxyAddr.compile([...proxies]);
    return true;
  } catch {
    return false;
  }
}
