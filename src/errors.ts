/**
 * The catalogue of everything that can go wrong by contract. Operations throw these; each doorway (GraphQL,
 * REST, command line) translates them once, by their code.
 */

/** The codes that errors carry, with the HTTP status each stands for. */
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

/** An outcome that a caller may be told about in full. `details` are facts for programs, safe to show. */
export abstract class GatewayError extends Error {
  abstract readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, details: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.details = details;
  }
}

/** Thrown when a caller is not signed in, or presents a token that is unknown, expired or revoked. */
export class UnauthenticatedError extends GatewayError {
  readonly code = 'UNAUTHENTICATED';
  constructor(message = 'Sign in first: send the header "Authorization: Bearer <token>".') {
    super(message);
  }
}

/** Thrown for a token that is malformed, unknown, expired or revoked, in the same words for all of them. */
export class InvalidTokenError extends UnauthenticatedError {
  constructor() {
    super('The token is not valid: it is unknown, expired or revoked.');
  }
}

/** Thrown when an address has sent so many bad tokens that no other one from there is looked at for a while. */
export class TooManyFailedSignInsError extends GatewayError {
  readonly code = 'UNAUTHENTICATED';
  readonly retryAfterSeconds: number;
  constructor(retryAfterSeconds: number) {
    super(`Too many bad tokens came from your address. Try again in ${retryAfterSeconds} s.`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Thrown before any look-up, so that it never tells whether the thing exists. */
export class ForbiddenError extends GatewayError {
  readonly code = 'FORBIDDEN';
  /** The permission with `_` for whatever depends on the request, such as `dtrace->_->get`: one of a few. */
  readonly kind: string;
  constructor(permission: string, kind: string) {
    super(`You need the permission ${permission}.`, { permission });
    this.kind = kind;
  }
}

/** Thrown when the SDL for gateways is asked for and `SDL_ACCESS` closes it. No permission would help. */
export class SdlClosedError extends GatewayError {
  readonly code = 'FORBIDDEN';
  constructor() {
    super('This server does not give out its SDL for gateways: its setting SDL_ACCESS is "closed".');
  }
}

/** Thrown when what a caller may reach is not there. */
export class NotFoundError extends GatewayError {
  readonly code = 'NOT_FOUND';
}

/** Thrown when a script has moved on from the revision that the caller expected, or a name is taken. */
export class ConflictError extends GatewayError {
  readonly code = 'CONFLICT';

  static revision(expected: number, actual: number): ConflictError {
    return new ConflictError(
      `The script is at revision ${actual}, not ${expected}: read it again, then repeat the change.`,
      { expectedRevision: expected, actualRevision: actual },
    );
  }
}

/** Thrown for input that the caller can mend. Names the argument and the reason. */
export class BadUserInputError extends GatewayError {
  readonly code = 'BAD_USER_INPUT';
  constructor(argument: string, reason: string) {
    super(`Argument "${argument}": ${reason}`, { argument });
  }
}

/** Thrown when an answer would grow beyond `MAX_RESPONSE_BYTES`, while it is put together. */
export class AnswerTooLargeError extends GatewayError {
  readonly code = 'BAD_USER_INPUT';
  constructor(maxBytes: number) {
    super(
      `The answer would have more than ${maxBytes} bytes (MAX_RESPONSE_BYTES). Ask for fewer scripts at a time ("first"), or for fewer fields.`,
      { maxBytes },
    );
  }
}

/** Thrown by a doorway for a request that HTTP itself rules out: by its method, its form or its size. */
export class HttpRequestError extends GatewayError {
  readonly code = 'BAD_USER_INPUT';
  /** Takes the place of the code's own status. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/**
 * Thrown for the hash of a document that is not known, or no longer: the client is to send the document, too. It is a
 * part of Apollo's protocol rather than a failure, and its clients go by these very letters and a status of success.
 */
export class PersistedQueryNotFoundError extends HttpRequestError {
  /** In an answer, this code takes the place of the catalogue's. */
  override readonly details = { code: 'PERSISTED_QUERY_NOT_FOUND' };
  constructor() {
    super(200, 'PersistedQueryNotFound');
  }
}

/**
 * Thrown when the database cannot be reached, or the answer does not come in time. A write may or may not have happened.
 */
export class ServiceUnavailableError extends GatewayError {
  readonly code = 'SERVICE_UNAVAILABLE';
  constructor(cause: unknown, message = 'The database cannot be reached right now. Try again in a moment.') {
    super(message, {}, cause);
  }
}

/** What was wrong in the end, in one line without a full stop. */
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
