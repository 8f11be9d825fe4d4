import type { Sql } from '@prisma/client/runtime/client';
import type { JsonObject } from '../../json/json-object.ts';
import type { MetadataPath } from '../../json/metadata-path.ts';
import type { Provider } from '../store.ts';
import type { Clients } from './database.ts';
import type { DirectConnection } from './direct-connection.ts';
import type { TraceStatement } from './trace-statements.ts';

/** The columns of scripts that can be large. */
export type LargeColumn = 'name' | 'script' | 'config' | 'metadata';

/**
 * The differences between the databases. `sqlite/dialect.ts` and `postgresql/dialect.ts` implement it; the rest of the store
 * is the same for both. The pieces of SQL are conditions and values for the table `dtrace_scripts`.
 */
export interface Dialect {
  readonly provider: Provider;
  /** How long an operation may take. Undefined if it waits only once, and that wait has a limit. */
  readonly operationTimeoutMs: number | undefined;
  /** Opens the connections of the store. */
  openClients(trace?: TraceStatement): Promise<Clients>;
  /** Opens a further connection. */
  openDirectConnection(): Promise<DirectConnection>;

  /** The condition that `id` is one of the selected ids. Locks the rows of these users first, in the order of their ids. */
  lockedInOrder(userIds: Sql): Sql;
  /** The number of the change that a write makes. Reads that do not see the write have a horizon that is not greater. */
  readonly changeNumber: Sql;
  /** The least number of a change that the statement may not see. */
  readonly changeHorizon: Sql;
  /** Records of the deletion of a script, which prevent that its number is given again. */
  readonly keepChangeNumber: readonly Sql[];
  uuid(value: string): Sql;
  json(value: unknown): Sql;
  /** The later of two times. A clock that is behind must not make a time earlier. */
  later(time: Sql, other: Date): Sql;
  /** About how many bytes a column has as text, without reading large values if possible. */
  storedBytes(column: LargeColumn): Sql;
  uuidIsOneOf(uuids: Iterable<string>): Sql;
  nameContains(text: string): Sql;

  metadataIsSet(path: MetadataPath): Sql;
  metadataEquals(path: MetadataPath, value: unknown): Sql;
  /** The type of the value at the path; NULL without value. Only the name `object` is the same in both databases. */
  metadataType(path: MetadataPath): Sql;
  /** The document with the members in the object at the path. Creates missing objects on the way. */
  metadataWith(path: MetadataPath, members: JsonObject): Sql;
  /** The document without the path. */
  metadataWithout(path: MetadataPath): Sql;
  /** The bytes of a document, given as an expression. */
  documentBytes(document: Sql): Sql;
}
