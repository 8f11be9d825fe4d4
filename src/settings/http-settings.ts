import { filledText, oneOf, onOrOff, originList, proxyList, wholeNumber } from './readers.ts';
import { setting } from './setting.ts';

export const httpSettings = {
  HOST: setting(
    '127.0.0.1',
    filledText,
    'The address on which the server listens. `0.0.0.0` or `::` for all addresses.',
  ),
  PORT: setting('4000', wholeNumber(0, 65_535), 'The port. `0` takes any free port.'),
  WORKERS: setting(
    '1',
    wholeNumber(1, 64),
    'The number of processes that share the port. More than one for each core brings nothing.',
  ),
  TRUST_PROXY: setting(
    '',
    proxyList,
    'The proxies whose `X-Forwarded-For` is trusted. Without it, the client is the other end of the connection.',
  ),
  CORS_ORIGINS: setting(
    '',
    originList,
    'The origins whose pages may call the API from a browser; `*` for all.',
  ),
  GRAPHIQL: setting('on', onOrOff, '`off`: no page for browsers at `/graphql`, and no redirect from `/`.'),
  INTROSPECTION: setting(
    'on',
    onOrOff,
    '`off`: the schema cannot be read, and errors suggest no names. GraphiQL says so, and still runs operations.',
  ),
  SDL_ACCESS: setting(
    'signed-in',
    oneOf(['signed-in', 'open', 'closed'], 'must be one of signed-in, open and closed'),
    'Who may read `_sdl` and `_service { sdl }`: callers with a token, everybody, or nobody.',
  ),
  REQUEST_TIMEOUT_MS: setting(
    '30000',
    wholeNumber(100, 600_000),
    'How long a request may take to arrive, and then how long its answer may take, each in milliseconds.',
  ),
  SHUTDOWN_TIMEOUT_MS: setting(
    '10000',
    wholeNumber(0, 600_000),
    'How long running requests may take after SIGTERM or SIGINT, in milliseconds.',
  ),
};
