import { documents } from '../../documents.ts';
import { graphql } from '../../workloads.ts';
import { oneRequest, type WorstKind } from '../kind.ts';

/** Node accepts 16 KiB of headers. */
const length = 15_500;
const filled = (part: string) => part.repeat(Math.floor(length / part.length));

/** Plain requests with one header of almost 16 KiB, the most that Node accepts. */
export const headerKinds: readonly WorstKind[] = [
  header('content-type-spaces', 'content-type', `application/json${' '.repeat(length)}x`),
  header('content-type-parameters', 'content-type', `application/json${filled(';a=b')}`),
  header('accept-types', 'accept', filled('a/b;q=0.1,')),
  header('accept-spaces', 'accept', `a/b${' '.repeat(length)}x`),
  header('accept-encoding', 'accept-encoding', filled('a;q=0.1,')),
  header('accept-encoding-spaces', 'accept-encoding', `a;q=${' '.repeat(length)}x`),
  header('authorization', 'authorization', `Bearer ${'a'.repeat(length)}`),
  header('authorization-spaces', 'authorization', `Bearer${' '.repeat(length)}x`),
  header('authorization-dots', 'authorization', `Bearer ${filled('a.')}`),
  header('forwarded-for', 'x-forwarded-for', filled('1.1.1.1,')),
  header('forwarded-for-spaces', 'x-forwarded-for', `1.1.1.1${' '.repeat(length)}x`),
  header('origin', 'origin', `https://${filled('a.')}example.com`),
  header('host', 'host', `${filled('a.')}example.com`),
  header('request-id', 'x-request-id', filled('a-')),
  header('traceparent', 'traceparent', filled('00-')),
  header('if-none-match', 'if-none-match', filled('"a",')),
  header('cookie', 'cookie', filled('a=b; ')),
  path('path', `/dtrace/${'a'.repeat(length)}`),
  path('path-slashes', `/${'/'.repeat(length)}`),
  path('path-escapes', `/dtrace/${filled('%41')}`),
  path('path-query', `/graphql?${filled('a=b&')}`),
  path('path-dots', `/${filled('../')}dtrace`),
];

function header(name: string, field: string, value: string): WorstKind {
  return oneRequest(name, `a header "${field}" of 15,500 bytes`, ({ grantedUuids }) => {
    const plain = graphql('frontend', documents.script, { uuid: grantedUuids[0] });
    return { ...plain, headers: { ...plain.headers, [field]: value } };
  });
}

function path(name: string, value: string): WorstKind {
  return oneRequest(name, 'an address of 15,500 bytes', ({ grantedUuids }) => {
    const { headers } = graphql('frontend', documents.script, { uuid: grantedUuids[0] });
    return { method: 'GET', path: value, headers, body: '' };
  });
}
