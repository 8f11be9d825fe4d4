import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum, type SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';

/** The type `"char"` of PostgreSQL's catalogue, which Prisma's adapter does not support, and `text` to replace it. */
const typeIds = { char: 18, text: 25 } as const;

/** Prisma's adapter with support for the catalogue, in which Prisma's schema engine reads the structure of a database. */
export function createPostgresFactory(connectionString: string): SqlMigrationAwareDriverAdapterFactory {
  /** The names of the `"char"` columns: the engine requires their type. */
  const charColumns = new Set<string>();
  const factory = new PrismaPg(createPool(connectionString, charColumns));
  const connect = factory.connect.bind(factory);
  return Object.assign(factory, {
    connect: async () => {
      const adapter = await connect();
      const queryRaw = adapter.queryRaw.bind(adapter);
      return Object.assign(adapter, {
        queryRaw: async (query: Parameters<typeof queryRaw>[0]) => {
          const result = await queryRaw(query);
          const columnTypes = result.columnTypes.map((type, index) =>
            charColumns.has(result.columnNames[index] ?? '') ? ColumnTypeEnum.Character : type,
          );
          return { ...result, columnTypes };
        },
      });
    },
  });
}

function createPool(connectionString: string, charColumns: Set<string>): pg.Pool {
  const pool = new pg.Pool({ connectionString, allowExitOnIdle: true });
  // The database may be dropped while the pool is connected.
  pool.on('error', () => {});
  const query = pool.query.bind(pool) as (config: pg.QueryConfig) => Promise<pg.QueryResult>;
  return Object.assign(pool, {
    query: async (config: pg.QueryConfig) => {
      const result = await query(config);
      for (const field of result.fields) {
        if (field.dataTypeID !== typeIds.char) continue;
        charColumns.add(field.name);
        field.dataTypeID = typeIds.text;
      }
      return result;
    },
  });
}
