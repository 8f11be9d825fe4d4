import { z } from 'zod';
import { type AuditOutcome, auditActions, type auditDoorways } from '../audit/audit-event.ts';
import { badAfter } from '../errors.ts';
import type { AuditPosition, RecordedEvent } from '../store/store.ts';
import { type Builder, permission } from './builder.ts';
import { decodeCursor, encodeCursor, moment } from './cursor.ts';
import { connectionCost } from './field-cost.ts';
import { type PageInfoRef, pageInfoOf } from './page-info.ts';
import { recordedAs } from './refusals.ts';

const defaultPageSize = 50;

interface EventPage {
  readonly events: readonly RecordedEvent[];
  readonly hasMore: boolean;
  readonly isFirst: boolean;
}

/** The query `auditEvents`: actions and refusals. */
export function addAuditEvents(builder: Builder, pageInfo: PageInfoRef): void {
  const action = builder.enumType('AuditAction', {
    description: 'Actions that the audit trail records.',
    values: described(auditActions),
  });
  const outcome = builder.enumType('AuditOutcome', {
    description: 'The result of an action: success, or the code of the error.',
    values: described(outcomes),
  });
  const doorway = builder.enumType('AuditDoorway', {
    description: 'The API through which an action came.',
    values: described(doorways),
  });

  const event = builder.objectRef<RecordedEvent>('AuditEvent').implement({
    description:
      'One entry of the audit trail: an action or a refusal. It contains no values and no secrets.',
    fields: (t) => ({
      id: t.id({
        description: 'The number of the event. A later event has a larger number.',
        resolve: ({ id }) => String(id),
      }),
      at: t.expose('at', { type: 'DateTime', description: 'The time of the event.' }),
      action: t.expose('action', { type: action, description: 'The action that was done or tried.' }),
      outcome: t.expose('outcome', { type: outcome, description: 'The result.' }),
      via: t.expose('via', { type: doorway, description: 'The API through which it came.' }),
      requestId: t.exposeString('requestId', {
        nullable: true,
        description: "The request's `x-request-id`; `null` for the command line.",
      }),
      userId: t.expose('userId', {
        type: 'UUID',
        nullable: true,
        description:
          'The id of the user; `null` for the command line and for a bad token. The user may have been deleted.',
      }),
      userName: t.exposeString('userName', {
        nullable: true,
        description:
          'The name that the user had then. For the command line, the name of the operating system user; `null` for a bad token.',
      }),
      tokenId: t.expose('tokenId', {
        type: 'UUID',
        nullable: true,
        description: 'The id of the token of the request.',
      }),
      address: t.exposeString('address', {
        nullable: true,
        description: "The client's address, as far as proxies are trusted; `null` for the command line.",
      }),
      permission: t.exposeString('permission', {
        nullable: true,
        description: 'The missing permission.',
      }),
      scriptUuid: t.expose('scriptUuid', {
        type: 'UUID',
        nullable: true,
        description: 'The UUID of the script. The script may have been deleted, or may never have existed.',
      }),
      target: t.exposeString('target', {
        nullable: true,
        description: 'What else the action concerns: metadata paths, an account, a grant.',
      }),
    }),
  });

  const edge = builder.objectRef<RecordedEvent>('AuditEventEdge').implement({
    description: 'An event and its cursor.',
    fields: (t) => ({
      cursor: t.string({
        description: 'The cursor to pass as `after`. Its format may change at any time.',
        resolve: formatEventCursor,
      }),
      node: t.field({ type: event, description: 'The event.', resolve: (node) => node }),
    }),
  });
  const connection = builder.objectRef<EventPage>('AuditEventConnection').implement({
    description: 'A page of events.',
    fields: (t) => ({
      edges: t.field({
        type: [edge],
        description: 'The events with their cursors.',
        resolve: ({ events }) => events,
      }),
      nodes: t.field({
        type: [event],
        description: 'The events without cursors.',
        resolve: ({ events }) => events,
      }),
      pageInfo: t.field({
        type: pageInfo,
        description: 'Whether there are more pages.',
        resolve: (page) => pageInfoOf(page.events, page, formatEventCursor),
      }),
    }),
  });

  const filter = builder.inputType('AuditEventFilter', {
    description: 'Conditions on events. An event must meet all of them.',
    fields: (t) => ({
      userName: t.string({ description: 'The whole name of the user. Case matters.' }),
      scriptUuid: t.field({ type: 'UUID', description: 'The UUID of the script.' }),
      action: t.field({ type: action, description: 'The action that was done or tried.' }),
      outcome: t.field({ type: outcome, description: 'The result.' }),
      since: t.field({ type: 'DateTime', description: 'At this time or later.' }),
      until: t.field({ type: 'DateTime', description: 'Before this time.' }),
    }),
  });

  builder.queryField('auditEvents', (t) =>
    t.field({
      type: connection,
      description:
        'The audit trail: every write, successful or not, and every refusal, the latest first. Events are deleted after the configured time (90 days by default).',
      directives: permission('cloud->audit->list'),
      extensions: { ...recordedAs('LIST_AUDIT_EVENTS'), ...connectionCost },
      args: {
        filter: t.arg({ type: filter, description: 'Which events to list; by default all.' }),
        first: t.arg.int({
          defaultValue: defaultPageSize,
          description: 'The most events to list, from 0 to 1,000.',
        }),
        after: t.arg.string({ description: 'A cursor: list the events after it.' }),
      },
      resolve: async (_, { filter, first, after }, { trail }) => {
        const position = after ? parseEventCursor(after) : undefined;
        const page = await trail.list(
          {
            userName: filter?.userName ?? undefined,
            scriptUuid: filter?.scriptUuid ?? undefined,
            action: filter?.action ?? undefined,
            outcome: filter?.outcome ?? undefined,
            since: filter?.since ?? undefined,
            until: filter?.until ?? undefined,
          },
          first ?? defaultPageSize,
          position,
        );
        return { ...page, isFirst: position === undefined };
      },
    }),
  );
}

const outcomes: Readonly<Record<AuditOutcome, string>> = {
  SUCCEEDED: 'The action succeeded.',
  UNAUTHENTICATED: 'The token was not valid.',
  FORBIDDEN: 'The caller did not hold `permission`.',
  NOT_FOUND: 'The script, the metadata key or the account did not exist.',
  CONFLICT: 'The script was not at the expected revision, or the name was taken.',
  BAD_USER_INPUT: 'The input was wrong.',
  SERVICE_UNAVAILABLE: 'The database could not be reached.',
  INTERNAL_SERVER_ERROR: 'The gateway failed. The log has details under the request id.',
};

const doorways: Readonly<Record<(typeof auditDoorways)[number], string>> = {
  GRAPHQL: 'The GraphQL API.',
  REST: "FiFo's REST API.",
  COMMAND_LINE: 'The command `dtrace-gateway`.',
};

type Described<Names extends string> = { readonly [Name in Names]: { readonly description: string } };

function described<Names extends string>(descriptions: Readonly<Record<Names, string>>): Described<Names> {
  const values = Object.entries<string>(descriptions).map(([name, description]) => [name, { description }]);
  return Object.fromEntries(values) as Described<Names>;
}

const position = z.tuple([moment, z.int().min(1)]);

/** A cursor of the trail: base64url of `[at, id]`. It stays valid when the event is deleted. */
function formatEventCursor({ at, id }: AuditPosition): string {
  return encodeCursor([at, id]);
}

/** @throws BadUserInputError for a malformed cursor */
function parseEventCursor(cursor: string): AuditPosition {
  const parsed = position.safeParse(decodeCursor(cursor));
  if (!parsed.success) throw badAfter.notACursor();
  const [at, id] = parsed.data;
  return { at: new Date(at), id };
}
