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

interface Page {
  readonly events: readonly RecordedEvent[];
  readonly hasMore: boolean;
  readonly isFirst: boolean;
}

/** `auditEvents`: who did what, and who was refused what. */
export function addAuditEvents(builder: Builder, pageInfo: PageInfoRef): void {
  const action = builder.enumType('AuditAction', {
    description: 'What leaves a trace.',
    values: described(auditActions),
  });
  const outcome = builder.enumType('AuditOutcome', {
    description: 'What became of it: done, or the code of the error that was answered.',
    values: described(outcomes),
  });
  const doorway = builder.enumType('AuditDoorway', {
    description: 'The way in which it came.',
    values: described(doorways),
  });

  const event = builder.objectRef<RecordedEvent>('AuditEvent').implement({
    description: 'Something that somebody did, or was refused. It holds no value and no secret.',
    fields: (t) => ({
      id: t.id({
        description: 'Its number. Of two events, the one that was recorded later has the larger one.',
        resolve: ({ id }) => String(id),
      }),
      at: t.expose('at', { type: 'DateTime', description: 'When.' }),
      action: t.expose('action', { type: action, description: 'What was done, or tried.' }),
      outcome: t.expose('outcome', { type: outcome, description: 'What became of it.' }),
      via: t.expose('via', { type: doorway, description: 'The way in which it came.' }),
      requestId: t.exposeString('requestId', {
        nullable: true,
        description: "The request's `x-request-id`; `null` for the command line.",
      }),
      userId: t.expose('userId', {
        type: 'UUID',
        nullable: true,
        description: 'Who; `null` for the command line and for a bad token. The user may be gone by now.',
      }),
      userName: t.exposeString('userName', {
        nullable: true,
        description:
          "Who, by the name of that time. For the command line the operating system's; `null` for a bad token.",
      }),
      tokenId: t.expose('tokenId', {
        type: 'UUID',
        nullable: true,
        description: 'The token that the request carried, by its id.',
      }),
      address: t.exposeString('address', {
        nullable: true,
        description: "The client's address, as far as proxies are trusted; `null` for the command line.",
      }),
      permission: t.exposeString('permission', {
        nullable: true,
        description: 'The permission that was lacking.',
      }),
      scriptUuid: t.expose('scriptUuid', {
        type: 'UUID',
        nullable: true,
        description: 'The script that it is about. It may be gone by now, or never have been.',
      }),
      target: t.exposeString('target', {
        nullable: true,
        description: 'What else it is about: paths of the metadata, an account, a grant.',
      }),
    }),
  });

  const edge = builder.objectRef<RecordedEvent>('AuditEventEdge').implement({
    description: 'An event in its place in a connection.',
    fields: (t) => ({
      cursor: t.string({
        description: 'The place, to be passed as `after`. Its form may change at any time.',
        resolve: formatCursor,
      }),
      node: t.field({ type: event, description: 'The event.', resolve: (node) => node }),
    }),
  });
  const connection = builder.objectRef<Page>('AuditEventConnection').implement({
    description: 'A page of events.',
    fields: (t) => ({
      edges: t.field({
        type: [edge],
        description: 'The events with their places.',
        resolve: ({ events }) => events,
      }),
      nodes: t.field({ type: [event], description: 'The events alone.', resolve: ({ events }) => events }),
      pageInfo: t.field({
        type: pageInfo,
        description: 'Where the page stands.',
        resolve: (page) => pageInfoOf(page.events, page, formatCursor),
      }),
    }),
  });

  const filter = builder.inputType('AuditEventFilter', {
    description: 'Which events to list: those for which all given conditions hold.',
    fields: (t) => ({
      userName: t.string({ description: 'Who, by the whole name; case counts.' }),
      scriptUuid: t.field({ type: 'UUID', description: 'The script that it is about.' }),
      action: t.field({ type: action, description: 'What was done, or tried.' }),
      outcome: t.field({ type: outcome, description: 'What became of it.' }),
      since: t.field({ type: 'DateTime', description: 'At or later than.' }),
      until: t.field({ type: 'DateTime', description: 'Earlier than.' }),
    }),
  });

  builder.queryField('auditEvents', (t) =>
    t.field({
      type: connection,
      description:
        'The audit trail: every write, whatever became of it, and every refusal, the latest first. What is older than the configured time (90 days by default) is gone.',
      directives: permission('cloud->audit->list'),
      extensions: { ...recordedAs('LIST_AUDIT_EVENTS'), ...connectionCost },
      args: {
        filter: t.arg({ type: filter, description: 'Which events; without it all.' }),
        first: t.arg.int({
          defaultValue: defaultPageSize,
          description: 'How many at most, from 0 to 1,000.',
        }),
        after: t.arg.string({ description: 'A cursor: continue behind the event that it points at.' }),
      },
      resolve: async (_, { filter, first, after }, { trail }) => {
        const position = after ? parseCursor(after) : undefined;
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
  SUCCEEDED: 'It was done.',
  UNAUTHENTICATED: 'The token was not valid.',
  FORBIDDEN: '`permission` was lacking.',
  NOT_FOUND: 'What it was about was not there.',
  CONFLICT: 'The script had moved on from the expected revision, or the name was taken.',
  BAD_USER_INPUT: 'The input was not right.',
  SERVICE_UNAVAILABLE: 'The database could not be reached.',
  INTERNAL_SERVER_ERROR: 'Something went wrong in the gateway; the log tells more under the request id.',
};

const doorways: Readonly<Record<(typeof auditDoorways)[number], string>> = {
  GRAPHQL: 'As a GraphQL operation.',
  REST: "By FiFo's REST API.",
  COMMAND_LINE: 'By the command `dtrace-gateway`.',
};

type Described<Names extends string> = { readonly [Name in Names]: { readonly description: string } };

function described<Names extends string>(descriptions: Readonly<Record<Names, string>>): Described<Names> {
  const values = Object.entries<string>(descriptions).map(([name, description]) => [name, { description }]);
  return Object.fromEntries(values) as Described<Names>;
}

const position = z.tuple([moment, z.int().min(1)]);

/** An opaque place in the trail: base64url of `[at, id]`. It outlives the event that it points at. */
function formatCursor({ at, id }: AuditPosition): string {
  return encodeCursor([at, id]);
}

/** @throws BadUserInputError for a cursor that is not ours */
function parseCursor(cursor: string): AuditPosition {
  const parsed = position.safeParse(decodeCursor(cursor));
  if (!parsed.success) throw badAfter.notACursor();
  const [at, id] = parsed.data;
  return { at: new Date(at), id };
}
