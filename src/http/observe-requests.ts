import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type Logger, rounded, shorten } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Tracing } from '../telemetry/tracing.ts';

/** Counts and times every request, whatever answers it, traces those to the API, and logs all at the level `debug`. */
export function observeRequests(
  { log, metrics, tracing }: { log: Logger; metrics: Metrics; tracing: Tracing | undefined },
  handler: RequestListener,
): RequestListener {
  const isLogged = log.isLevelEnabled('debug');

  if (tracing === undefined) return observe;
  return (request, response) => {
    const doorway = doorwayOf(request.url ?? '');
    if (doorway === 'other') observe(request, response);
    else {
      const route = doorway === 'graphql' ? '/graphql' : '/dtrace';
      tracing.request(request, response, route, () => observe(request, response));
    }
  };

  function observe(request: IncomingMessage, response: ServerResponse): void {
    const beganAtMs = performance.now();
    // Comes after every answer, and when the client has hung up before.
    response.on('close', () => {
      const { method = '', url = '' } = request;
      const durationMs = performance.now() - beganAtMs;
      const status = response.writableFinished ? response.statusCode : 'aborted';
      const key = `${doorwayOf(url)} ${methods.has(method) ? method : 'other'} ${status}`;
      metrics.requests.of(key).observe(durationMs / 1000);
      if (!isLogged) return;
      const requestId = request.headers['x-request-id'];
      const path = shorten(url.replace(/\?.*/s, ''));
      log.debug({ event: 'request', requestId, method, path, status, durationMs: rounded(durationMs) });
    });
    handler(request, response);
  }
}

/** Any other is counted as `other`: there are dozens, and none that the gateway answers. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']);

function doorwayOf(url: string): 'graphql' | 'rest' | 'other' {
  if (/^\/graphql(?:$|\?)/.test(url)) return 'graphql';
  return /^(?:\/api\/[^/]+)?\/dtrace(?:$|[/?])/.test(url) ? 'rest' : 'other';
}
