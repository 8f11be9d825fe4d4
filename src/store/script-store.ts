import type { AuditEvent } from '../audit/audit-event.ts';
import type { DtraceScript, DtraceScriptColumn } from '../dtrace/dtrace-script.ts';
import type { ScriptTemplate } from '../dtrace/script-template.ts';
import type { JsonObject } from '../json/json-object.ts';
import type { JsonText } from '../json/json-text.ts';
import type { MetadataPath } from '../json/metadata-path.ts';

/** The scripts that a caller may see: all, or those with these UUIDs. */
export type Visibility = 'all' | ReadonlySet<string>;

export type OrderField = 'name' | 'createdAt' | 'updatedAt';

export interface ScriptOrder {
  readonly field: OrderField;
  readonly direction: 'asc' | 'desc';
}

/** A place in an ordered list: the value of the order's field, and the UUID for equal values. */
export interface ScriptPosition {
  readonly value: string | Date;
  readonly uuid: string;
}

export interface DateTimeRange {
  readonly gt?: Date | undefined;
  readonly gte?: Date | undefined;
  readonly lt?: Date | undefined;
  readonly lte?: Date | undefined;
}

export interface MetadataCondition {
  readonly path: MetadataPath;
  readonly isSet?: boolean | undefined;
  /** A JSON value. Without this member there is no such condition. */
  readonly equals?: unknown;
}

/** All conditions must hold. */
export interface ScriptFilter {
  readonly name?:
    | { readonly equals?: string | undefined; readonly contains?: string | undefined }
    | undefined;
  readonly metadata?: readonly MetadataCondition[] | undefined;
  readonly createdAt?: DateTimeRange | undefined;
  readonly updatedAt?: DateTimeRange | undefined;
}

export interface ScriptSelection {
  readonly visible: Visibility;
  readonly filter: ScriptFilter;
}

export interface ScriptPage extends ScriptSelection {
  readonly order: ScriptOrder;
  readonly after?: ScriptPosition | undefined;
  readonly limit: number;
}

/** A script with the columns that were asked for. */
export type PartialScript = Partial<Pick<DtraceScript, 'name' | 'script' | 'revision'>> &
  Pick<DtraceScript, 'uuid'> & {
    readonly config?: JsonText;
    readonly metadata?: JsonText;
    /** As `2026-11-23T15:36:00.000Z`. */
    readonly createdAt?: string;
    readonly updatedAt?: string;
    /** The text of the template that was given. */
    readonly json?: JsonText;
    /** The value by which a list placed the script, if a later read found another one. */
    readonly placedBy?: string;
  };

/** The outcome of a write to one script. `moved`: it has another revision than the write expects. */
export type WriteOutcome =
  | { readonly status: 'written'; readonly revision: number }
  | { readonly status: 'missing' }
  | { readonly status: 'moved'; readonly revision: number };

export type MetadataOutcome =
  | WriteOutcome
  | { readonly status: 'obstructed'; readonly at: MetadataPath }
  | { readonly status: 'absent' }
  | { readonly status: 'too-large' };

/** Limits how much is read for one answer. */
export interface ReadBudget {
  /** Counts bytes that were read, once for each place in the answer. @throws GatewayError beyond the limit */
  spendOnReading(bytes: number): void;
  /** Counts nothing. @throws GatewayError if so many more bytes would be beyond the limit */
  checkReading(bytes: number): void;
}

export interface ScriptStore {
  /**
   * @param template - also answers each script as this text
   * @param budget - nothing beyond it is read
   */
  list(
    page: ScriptPage,
    columns: readonly DtraceScriptColumn[],
    template?: ScriptTemplate,
    budget?: ReadBudget,
  ): Promise<readonly PartialScript[]>;
  count(selection: ScriptSelection): Promise<number>;
  /** Answers position for position; null for a script that does not exist. Equal UUIDs get the same object. */
  findMany(
    uuids: readonly string[],
    columns: readonly DtraceScriptColumn[],
    template?: ScriptTemplate,
    budget?: ReadBudget,
  ): Promise<readonly (PartialScript | null)[]>;
  /** Adds a script and grants its creator a permission. @returns false, and does neither, if there is no such user */
  create(
    script: DtraceScript,
    grant: { readonly userId: string; readonly permission: string },
    event: AuditEvent,
  ): Promise<boolean>;
  update(
    uuid: string,
    changes: {
      readonly name?: string | undefined;
      readonly script?: string | undefined;
      readonly config?: JsonObject | undefined;
    },
    write: WriteOptions,
  ): Promise<WriteOutcome>;
  /** Removes a script and every grant that names it. */
  delete(uuid: string, write: WriteOptions): Promise<WriteOutcome>;
  /** Sets all members in the object at the path, or none. Creates the object if needed. An empty path is the root. */
  setMetadata(
    uuid: string,
    path: MetadataPath,
    members: JsonObject,
    write: WriteOptions & { readonly maxBytes: number },
  ): Promise<MetadataOutcome>;
  unsetMetadata(uuid: string, path: MetadataPath, write: WriteOptions): Promise<MetadataOutcome>;
}

export interface WriteOptions {
  readonly ifRevision?: number | undefined;
  /** Its time is the time of the write. */
  readonly event: AuditEvent;
}
