import type { Sql } from '@prisma/client/runtime/client';
import type { JsonObject } from '../../scripts/dtrace-script.ts';
import type { MetadataPath } from '../../scripts/metadata-path.ts';
import type { Provider } from '../store.ts';
import type { Clients } from './database.ts';
import type { DirectConnection } from './direct-connection.ts';
import type { TraceStatement } from './trace-statements.ts';

/** The columns that can be large. */
export type LargeColumn = 'name' | 'script' | 'config' | 'metadata';

/**
 * All that differs between the databases. `sqlite/dialect.ts` and `postgresql/dialect.ts` implement it; everything
 * else in the store is written once. The fragments are conditions and values over the table `dtrace_scripts`.
 */
export interface Dialect {
  readonly provider: Provider;
  /** How long an operation may take altogether; undefined where each wait has a limit, and there is but one. */
  readonly operationTimeoutMs: number | undefined;
  /** Opens what the application works with. */
  openClients(trace?: TraceStatement): Promise<Clients>;
  /** Opens a connection beside theirs. */
  openDirectConnection(): Promise<DirectConnection>;

  /** That a user's `id` is among those selected, whose rows are locked first, in the order of their ids. */
  lockedInOrder(userIds: Sql): Sql;
  /** The number of a change, for the write that makes it: greater than the horizon of who does not see it yet. */
  readonly changeNumber: Sql;
  /** The first number that a change may have which the statement does not see. */
  readonly changeHorizon: Sql;
  /** What has to follow the deletion of the script in `"written"`, lest numbers come again. */
  readonly keepChangeNumber: readonly Sql[];
  uuid(value: string): Sql;
  json(value: unknown): Sql;
  /** The later one of two times, so that a clock that lags behind takes nothing back. */
  later(time: Sql, other: Date): Sql;
  /** About how many bytes a column takes as text. Large values are not read for it where that can be helped. */
  storedBytes(column: LargeColumn): Sql;
  uuidIsOneOf(uuids: Iterable<string>): Sql;
  nameContains(text: string): Sql;

  metadataIsSet(path: MetadataPath): Sql;
  metadataEquals(path: MetadataPath, value: unknown): Sql;
  /** The type of the value at the path, NULL where there is none; of all the names only `object` is the same everywhere. */
  metadataType(path: MetadataPath): Sql;
  /** The document with the members in the object at the path, missing objects on the way created. */
  metadataWith(path: MetadataPath, members: JsonObject): Sql;
  /** The document without the path. */
  metadataWithout(path: MetadataPath): Sql;
  /** The size in bytes of a document given as an expression. */
  documentBytes(document: Sql): Sql;
}
