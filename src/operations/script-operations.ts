import { randomUUID } from 'node:crypto';
import type { AuditAction, AuditEvent, Origin } from '../audit/audit-event.ts';
import type { Limits } from '../config.ts';
import type { DtraceScriptColumn } from '../dtrace/dtrace-script.ts';
import type { ScriptTemplate } from '../dtrace/script-template.ts';
import {
  BadUserInputError,
  badAfter,
  ConflictError,
  NotFoundError,
  UnauthenticatedError,
} from '../errors.ts';
import type { JsonObject } from '../json/json-object.ts';
import { formatMetadataPath, type MetadataPath } from '../json/metadata-path.ts';
import { anySegment, type PermissionSet } from '../permissions/permission-set.ts';
import type {
  MetadataOutcome,
  PartialScript,
  ScriptFilter,
  ScriptOrder,
  ScriptPosition,
  Store,
  Visibility,
} from '../store/store.ts';
import { type AnswerBudget, createAnswerBudget } from './answer-budget.ts';
import { createAuditTrail } from './audit-trail.ts';
import { createScriptRules } from './script-rules.ts';

/** The operations on scripts, with their rules. GraphQL and REST check the permissions before. */
export type ScriptOperations = ReturnType<typeof createScriptOperations>;

export interface ScriptListing {
  readonly visible: Visibility;
  readonly filter: ScriptFilter;
  readonly order: ScriptOrder;
  /** The most scripts; by default all, if there are not more than `MAX_LIST_SIZE`. */
  readonly first?: number | undefined;
  readonly after?: ScriptPosition | undefined;
}

export interface NewScript {
  readonly name: string;
  readonly script: string;
  readonly config?: JsonObject | undefined;
  readonly metadata?: JsonObject | undefined;
}

/** Members that are left out stay as they are; `null` is refused. */
export interface ScriptChanges {
  readonly name?: string | null | undefined;
  readonly script?: string | null | undefined;
  readonly config?: JsonObject | null | undefined;
}

export interface RevisionGuard {
  /** Write only if the script is at this revision. */
  readonly ifRevision?: number | undefined;
}

/** Paths listed in one audit event, at most. */
const maxPathsNamed = 20;

/** The permission that the creator of a script is granted. */
export function creatorPermission(uuid: string): string {
  return `dtrace->${uuid}->...`;
}

/** The scripts that a list shows with these permissions: those that may be read (`get`). */
export function visibleScripts(permissions: PermissionSet): Visibility {
  return permissions.select(['dtrace', anySegment, 'get']);
}

/** Every write takes its origin, and is recorded whether it succeeds or not. */
export function createScriptOperations(
  store: Store,
  limits: Limits,
  now: () => Date,
  trail = createAuditTrail(store, now),
) {
  const { scripts } = store;
  const rules = createScriptRules(limits);

  return {
    /**
     * Lists a page of scripts in order. `hasMore` says whether there is a next page.
     *
     * @param budget - of the request; by default of this list alone
     * @throws BadUserInputError for a bad filter or `first`, and for too many scripts without `first`
     * @throws AnswerTooLargeError if the scripts have more bytes than the budget has left
     */
    async list(
      listing: ScriptListing,
      columns: readonly DtraceScriptColumn[],
      template?: ScriptTemplate,
      budget: AnswerBudget = createAnswerBudget(limits.maxResponseBytes),
    ) {
      const { first, filter } = listing;
      rules.checkFilter(filter);
      rules.checkFirst(first);
      const limit = first ?? limits.maxListSize;
      const rows = await scripts.list({ ...listing, limit: limit + 1 }, columns, template, budget);
      const hasMore = rows.length > limit;
      if (hasMore && first === undefined) {
        throw new BadUserInputError(
          'first',
          `there are more than ${limits.maxListSize} scripts to list. Ask for them in pages with "first" and "after".`,
        );
      }
      return { scripts: hasMore ? rows.slice(0, limit) : rows, hasMore };
    },

    count: (listing: Pick<ScriptListing, 'visible' | 'filter'>): Promise<number> => {
      rules.checkFilter(listing.filter);
      return scripts.count(listing);
    },

    /** The position of a script in an order. @throws BadUserInputError if it does not exist or is not visible */
    async positionOf(uuid: string, visible: Visibility, { field }: ScriptOrder): Promise<ScriptPosition> {
      const known = visible === 'all' || visible.has(uuid);
      const [row] = known ? await scripts.findMany([uuid], [field]) : [];
      const value = row?.[field];
      if (value === undefined) throw badAfter.notInList(uuid);
      return { value: field === 'name' ? value : new Date(value), uuid };
    },

    checkBatch: rules.checkBatch,

    /**
     * Reads scripts, in the order of `uuids`; null for a script that does not exist.
     *
     * @param budget - of the request; by default of this look-up alone
     * @throws AnswerTooLargeError if the scripts have more bytes than the budget has left
     */
    find: (
      uuids: readonly string[],
      columns: readonly DtraceScriptColumn[],
      template?: ScriptTemplate,
      budget: AnswerBudget = createAnswerBudget(limits.maxResponseBytes),
    ): Promise<readonly (PartialScript | null)[]> => scripts.findMany(uuids, columns, template, budget),

    /** Creates a script, and grants its creator every permission over it. @returns the UUID of the script */
    create(origin: Origin, input: NewScript, creatorId: string): Promise<string> {
      const uuid = randomUUID();
      return trail.attempt(origin, { action: 'CREATE_SCRIPT', scriptUuid: uuid }, async (event) => {
        rules.checkName(input.name);
        rules.checkSource(input.script);
        const config = input.config ?? {};
        const metadata = input.metadata ?? {};
        rules.checkConfig(config);
        rules.checkMetadata(metadata);
        const { at } = event;
        const created = await scripts.create(
          {
            uuid,
            name: input.name,
            script: input.script,
            config,
            metadata,
            revision: 1,
            createdAt: at,
            updatedAt: at,
          },
          { userId: creatorId, permission: creatorPermission(uuid) },
          event,
        );
        if (!created) throw new UnauthenticatedError('The user of this token was deleted.');
        return uuid;
      });
    },

    /** Changes the given members. @throws NotFoundError, ConflictError, BadUserInputError */
    update(
      origin: Origin,
      uuid: string,
      changes: ScriptChanges,
      { ifRevision }: RevisionGuard = {},
    ): Promise<void> {
      return trail.attempt(origin, { action: 'UPDATE_SCRIPT', scriptUuid: uuid }, async (event) => {
        const [name, script, config] = [
          given('name', changes),
          given('script', changes),
          given('config', changes),
        ];
        if (name === undefined && script === undefined && config === undefined) {
          throw new BadUserInputError(
            'input',
            'it changes nothing. Give at least one of name, script and config.',
          );
        }
        if (name !== undefined) rules.checkName(name);
        if (script !== undefined) rules.checkSource(script);
        if (config !== undefined) rules.checkConfig(config);
        const outcome = await scripts.update(uuid, { name, script, config }, { ifRevision, event });
        expectWritten(uuid, outcome, ifRevision);
      });
    },

    /** Deletes a script and the grants that name it. @throws NotFoundError, ConflictError */
    delete(origin: Origin, uuid: string, { ifRevision }: RevisionGuard = {}): Promise<void> {
      return trail.attempt(origin, { action: 'DELETE_SCRIPT', scriptUuid: uuid }, async (event) =>
        expectWritten(uuid, await scripts.delete(uuid, { ifRevision, event }), ifRevision),
      );
    },

    /**
     * Sets one value of the metadata. Missing objects on the path are created.
     *
     * @throws BadUserInputError if another value is on the path, or a limit is passed
     */
    setMetadata(
      origin: Origin,
      uuid: string,
      path: MetadataPath,
      value: unknown,
      guard?: RevisionGuard,
    ): Promise<void> {
      return attemptOnMetadata(origin, 'SET_METADATA', uuid, [path], async (event) => {
        rules.checkPath(path);
        await setMembers(uuid, path.slice(0, -1), { [path.at(-1) ?? '']: value }, event, guard);
      });
    },

    /**
     * Sets members of the object at a path, all or none. Missing objects on the path are created. The empty path is the
     * root.
     *
     * @throws BadUserInputError if another value is on the path, or a limit is passed
     */
    setMetadataMembers(
      origin: Origin,
      uuid: string,
      path: MetadataPath,
      members: JsonObject,
      guard?: RevisionGuard,
    ): Promise<void> {
      const paths = Object.keys(members).map((key) => [...path, key]);
      return attemptOnMetadata(origin, 'SET_METADATA', uuid, paths, (event) =>
        setMembers(uuid, path, members, event, guard),
      );
    },

    /** Removes one key of the metadata. @throws NotFoundError if the script or the key does not exist */
    unsetMetadata(
      origin: Origin,
      uuid: string,
      path: MetadataPath,
      { ifRevision }: RevisionGuard = {},
    ): Promise<void> {
      return attemptOnMetadata(origin, 'UNSET_METADATA', uuid, [path], async (event) => {
        rules.checkPath(path);
        const outcome = await scripts.unsetMetadata(uuid, path, { ifRevision, event });
        expectMetadataWritten(uuid, path, outcome, ifRevision);
      });
    },
  };

  function attemptOnMetadata(
    origin: Origin,
    action: AuditAction,
    scriptUuid: string,
    paths: readonly MetadataPath[],
    write: (event: AuditEvent) => Promise<void>,
  ): Promise<void> {
    const target = paths.slice(0, maxPathsNamed).map(formatMetadataPath).join(', ');
    return trail.attempt(origin, { action, scriptUuid, target }, write);
  }

  async function setMembers(
    uuid: string,
    path: MetadataPath,
    members: JsonObject,
    event: AuditEvent,
    { ifRevision }: RevisionGuard = {},
  ): Promise<void> {
    rules.checkMetadataMembers(path, members);
    const write = { ifRevision, event, maxBytes: limits.maxMetadataBytes };
    expectMetadataWritten(uuid, path, await scripts.setMetadata(uuid, path, members, write), ifRevision);
  }

  function expectMetadataWritten(
    uuid: string,
    path: MetadataPath,
    outcome: MetadataOutcome,
    ifRevision: number | undefined,
  ): void {
    switch (outcome.status) {
      case 'obstructed':
        throw new BadUserInputError(
          'path',
          `the metadata at ${formatMetadataPath(outcome.at)} is not an object, so nothing can be set below it. Set or unset that key first.`,
        );
      case 'too-large':
        throw new BadUserInputError(
          'value',
          `the metadata would grow beyond ${limits.maxMetadataBytes} bytes. Unset what is no longer needed.`,
        );
      case 'absent':
        throw new NotFoundError(`Script ${uuid} has no metadata at ${formatMetadataPath(path)}.`);
      default:
        expectWritten(uuid, outcome, ifRevision);
    }
  }
}

function given<Name extends keyof ScriptChanges>(name: Name, changes: ScriptChanges) {
  const value = changes[name];
  if (value !== null) return value as Exclude<ScriptChanges[Name], null>;
  throw new BadUserInputError(`input.${name}`, 'it must not be null. Leave it out to keep it as it is.');
}

function expectWritten(
  uuid: string,
  outcome: Extract<MetadataOutcome, { status: 'written' | 'missing' | 'moved' }>,
  ifRevision: number | undefined,
): void {
  if (outcome.status === 'missing') throw NotFoundError.named('script', uuid);
  if (outcome.status === 'moved')
    throw ConflictError.revision(ifRevision ?? outcome.revision, outcome.revision);
}
