/**
 * The catalogue of errors that callers are told about. Each entry holds its name, its code or status, and its text.
 *
 * Operations throw these errors. GraphQL, REST and the command line each translate them in one place, by their code.
 */

/** The codes of errors, with the HTTP status of each. */
export const httpStatusByCode = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  BAD_USER_INPUT: 400,
  SERVICE_UNAVAILABLE: 503,
  INTERNAL_SERVER_ERROR: 500,
} as const;

export type ErrorCode = keyof typeof httpStatusByCode;

/** An error whose message callers may see. `details` are facts for programs, and safe to show. */
export abstract class GatewayError extends Error {
  abstract readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, details: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.details = details;
  }
}

/** Thrown when a caller is not signed in. */
export class UnauthenticatedError extends GatewayError {
  readonly code = 'UNAUTHENTICATED';
  constructor(message = 'Sign in first: send the header "Authorization: Bearer <token>".') {
    super(message);
  }
}

/** Thrown for a token that is malformed, unknown, expired or revoked. The message is the same for all of these. */
export class InvalidTokenError extends UnauthenticatedError {
  constructor() {
    super('The token is not valid: it is unknown, expired or revoked.');
  }
}

/** Thrown with status 429 when an address has sent too many bad tokens. Its tokens are not checked for a while. */
export class TooManyFailedSignInsError extends GatewayError {
  readonly code = 'UNAUTHENTICATED';
  readonly retryAfterSeconds: number;
  constructor(retryAfterSeconds: number) {
    super(`Too many bad tokens came from your address. Try again in ${retryAfterSeconds} s.`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Thrown before any look-up: it does not tell whether the script exists. */
export class ForbiddenError extends GatewayError {
  readonly code = 'FORBIDDEN';
  /** The permission with `_` for each part that depends on the request, such as `dtrace->_->get`. There are few kinds. */
  readonly kind: string;
  constructor(permission: string, kind: string) {
    super(`You need the permission ${permission}.`, { permission });
    this.kind = kind;
  }
}

/** Thrown when a caller asks for the SDL for gateways and `SDL_ACCESS` is "closed". No permission opens it. */
export class SdlClosedError extends GatewayError {
  readonly code = 'FORBIDDEN';
  constructor() {
    super('This server does not give out its SDL for gateways: its setting SDL_ACCESS is "closed".');
  }
}

/** Thrown when a thing that the caller may read or change does not exist. */
export class NotFoundError extends GatewayError {
  readonly code = 'NOT_FOUND';

  /** @param kind - such as `script` */
  static named(kind: string, name: string): NotFoundError {
    return new NotFoundError(`There is no ${kind} ${name}.`);
  }
}

/** Thrown when a script is no longer at the revision that the caller expects, or when a name is taken. */
export class ConflictError extends GatewayError {
  readonly code = 'CONFLICT';

  static revision(expected: number, actual: number): ConflictError {
    return new ConflictError(
      `The script is at revision ${actual}, not ${expected}: read it again, then repeat the change.`,
      { expectedRevision: expected, actualRevision: actual },
    );
  }
}

/** Thrown for wrong input. The message names the argument and the reason. */
export class BadUserInputError extends GatewayError {
  readonly code = 'BAD_USER_INPUT';
  constructor(argument: string, reason: string) {
    super(`Argument "${argument}": ${reason}`, { argument });
  }
}

/** The body of a request cannot be read as a JSON object. */
export const badBody = {
  empty: () => new BadUserInputError('body', 'it is empty; a JSON object is expected.'),
  notUtf8: () => new BadUserInputError('body', 'it is not UTF-8.'),
  notJson: (cause: unknown) => new BadUserInputError('body', `it is not JSON: ${messageOf(cause)}`),
  notAnObject: (received: unknown) =>
    new BadUserInputError('body', `it must be a JSON object, not ${kindOf(received)}.`),
  incomplete: () => new BadUserInputError('body', 'it broke off before its end.'),
} as const;

/** The cursor or UUID `after` does not belong to the list. */
export const badAfter = {
  notACursor: () =>
    new BadUserInputError('after', 'it is not a cursor of this list. Pass "endCursor" of the page before.'),
  otherOrder: () =>
    new BadUserInputError('after', 'the cursor belongs to a list in another order. Start again without it.'),
  notInList: (uuid: string) =>
    new BadUserInputError('after', `there is no script ${uuid} in this list. Start again without "after".`),
} as const;

/** Thrown as soon as an answer grows beyond `MAX_RESPONSE_BYTES`. */
export class AnswerTooLargeError extends GatewayError {
  readonly code = 'BAD_USER_INPUT';
  constructor(maxBytes: number) {
    super(
      `The answer would have more than ${maxBytes} bytes (MAX_RESPONSE_BYTES). Ask for fewer scripts at a time ("first"), or for fewer fields.`,
      { maxBytes },
    );
  }
}

/** Thrown for a request that breaks a rule of HTTP: by its method, its headers or its size. `httpErrors` lists them. */
export class HttpRequestError extends GatewayError {
  readonly code = 'BAD_USER_INPUT';
  /** Replaces the status of the code. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** Each with its status, its text and, where it has them, its headers. */
export const httpErrors = {
  malformedTarget: () =>
    new HttpRequestError(
      400,
      'The address of the request, made of its Host header and its path, is not valid.',
      { connection: 'close' },
    ),
  foreignPage: () =>
    new HttpRequestError(
      403,
      'A page of another site sent this. To allow it, list its origin in CORS_ORIGINS.',
    ),
  methodNotAllowed: (method: string, allow: string) =>
    new HttpRequestError(405, `There is no ${method} here, only ${allow}.`, { allow }),
  notAcceptable: (types: readonly string[]) =>
    new HttpRequestError(
      406,
      `Answers are ${types.join(' or ')}: allow ${types.length === 1 ? 'it' : 'one of them'} in the header "accept".`,
    ),
  conditionNotSupported: (header: string) =>
    new HttpRequestError(
      412,
      `The header "${header}" is not supported here. GraphQL's "ifRevision" guards a write.`,
    ),
  bodyTooLarge: (maxBytes: number) =>
    new HttpRequestError(413, `The body of the request is too large: ${maxBytes} bytes are allowed.`),
  unsupportedMediaType: (received: string | undefined) =>
    new HttpRequestError(
      415,
      `Send the header "content-type: application/json": ${received === undefined ? 'none came' : `not ${JSON.stringify(received.slice(0, 100))}`}.`,
    ),
  unsupportedEncoding: () =>
    new HttpRequestError(415, 'Send the body as it is: a content-encoding is not supported.'),
} as const;

const graphqlMethods = { allow: 'GET, POST' };

/** A request is not one that GraphQL over HTTP allows. */
export const graphqlRequestErrors = {
  methodNotAllowed: () =>
    new HttpRequestError(405, 'GraphQL only supports GET and POST requests.', graphqlMethods),
  missingQuery: () => new HttpRequestError(400, 'Must provide query string.', graphqlMethods),
  unknownParameter: (name: string) =>
    new HttpRequestError(
      400,
      `Unexpected parameter "${name.slice(0, 100)}". Send "query", "operationName", "variables", "extensions", or a "documentId" where PERSISTED_DOCUMENTS is set.`,
      graphqlMethods,
    ),
  wrongParameter: (name: string, expected: string, received: unknown) =>
    new HttpRequestError(
      400,
      `Expected "${name}" param to be ${expected}, but given ${Array.isArray(received) ? 'array' : typeof received}.`,
      graphqlMethods,
    ),
  parameterNotJson: (cause: unknown) =>
    new HttpRequestError(400, `In an address "variables" and "extensions" must be JSON: ${messageOf(cause)}`),
  arraysOff: () =>
    new HttpRequestError(
      400,
      'Send one operation, as an object: this server takes no arrays of operations (MAX_OPERATIONS).',
    ),
  wrongArrayLength: (maxOperations: number, received: number) =>
    new HttpRequestError(
      400,
      `An array must hold 1 to ${maxOperations} operations (MAX_OPERATIONS), not ${received}.`,
    ),
  elementNotAnObject: (index: number) =>
    new HttpRequestError(400, `Element ${index} of the array is no object.`),
  wrongHash: () =>
    new HttpRequestError(400, 'The "sha256Hash" is not the SHA-256 of the "query", in hexadecimal.'),
  documentNotRegistered: () =>
    new HttpRequestError(400, 'No document is registered under this id (PERSISTED_DOCUMENTS).'),
  registeredDocumentsOnly: () =>
    new HttpRequestError(
      400,
      'This server runs registered documents only (PERSISTED_DOCUMENTS): send the "documentId" of one.',
    ),
} as const;

/**
 * Thrown when a client sends the hash of a document that is not in the cache. The client then sends the document too.
 * This is a step of Apollo's protocol: its clients expect this exact message, and status 200.
 */
export class PersistedQueryNotFoundError extends HttpRequestError {
  /** In an answer, this code replaces `BAD_USER_INPUT`. */
  override readonly details = { code: 'PERSISTED_QUERY_NOT_FOUND' };
  constructor() {
    super(200, 'PersistedQueryNotFound');
  }
}

/**
 * Thrown when the database cannot be reached, or does not answer in time. A write may or may not have happened.
 */
export class ServiceUnavailableError extends GatewayError {
  readonly code = 'SERVICE_UNAVAILABLE';
  constructor(cause: unknown, message = 'The database cannot be reached right now. Try again in a moment.') {
    super(message, {}, cause);
  }
}

/** The message of the first cause of an error, in one line without a full stop. */
export function reasonOf(error: unknown): string {
  let root = error;
  for (;;) {
    if (root instanceof AggregateError && root.message === '') root = root.errors[0];
    else if (root instanceof Error && root.cause instanceof Error) root = root.cause;
    else break;
  }
  if (!(root instanceof Error)) return String(root);
  const { code, path } = root as NodeJS.ErrnoException;
  if (code === 'EEXIST' && path !== undefined) return `${path} is not a folder`;
  if (code === 'ENOTDIR' && path !== undefined) return `a part of ${path} is not a folder`;
  return root.message.trim().split('\n').at(-1)?.replace(/\.$/, '') || root.name;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
