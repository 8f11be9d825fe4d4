import { filledText, oneOf, onOrOff, originList, proxyList, wholeNumber } from './readers.ts';
import { setting } from './setting.ts';

export const httpSettings = {
  HOST: setting('127.0.0.1', filledText, 'Where the server listens. `0.0.0.0` or `::` for all addresses.'),
  PORT: setting('4000', wholeNumber(0, 65_535), 'The port. `0` takes any free one.'),
  WORKERS: setting(
    '1',
    wholeNumber(1, 64),
    'How many processes share the port. More than one for each core gain nothing.',
  ),
  TRUST_PROXY: setting(
    '',
    proxyList,
    'The proxies whose `X-Forwarded-For` is believed. Without it, the client is whoever made the connection.',
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
    '`off`: the schema cannot be asked for, and errors do not guess what was meant. GraphiQL says so, and still runs operations.',
  ),
  SDL_ACCESS: setting(
    'signed-in',
    oneOf(['signed-in', 'open', 'closed'], 'must be one of signed-in, open and closed'),
    'Who may read `_sdl` and `_service { sdl }`: everybody with a token, everybody, or nobody.',
  ),
  REQUEST_TIMEOUT_MS: setting(
    '30000',
    wholeNumber(100, 600_000),
    'How long a request may take to arrive, and then how long its answer may take, in milliseconds.',
  ),
  SHUTDOWN_TIMEOUT_MS: setting(
    '10000',
    wholeNumber(0, 600_000),
    'How long requests under way may take to finish after SIGTERM or SIGINT, in milliseconds.',
  ),
};
