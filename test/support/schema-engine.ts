import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import { createSqliteAdapter } from '../../src/store/sqlite/adapter.ts';
import type { Provider } from '../../src/store/store.ts';

/** The part of Prisma's own schema engine that tests need, on one database. */
export interface SchemaEngine {
  /** The SQL by which an empty database becomes what `prisma/<provider>/schema.prisma` describes. */
  createScript(): Promise<string>;
  /** Applies the pending migrations of `prisma/<provider>/migrations`. @returns their names */
  applyMigrations(): Promise<readonly string[]>;
  /** What it finds amiss in the history of the database, null where that is nothing. */
  diagnose(): Promise<unknown>;
}

const noFilters = { externalTables: [], externalEnums: [] };

/** The text of `prisma/<provider>/schema.prisma`. */
export function readSchema(provider: Provider): string {
  return readFileSync(pathOf(provider, 'schema.prisma'), 'utf8');
}

export async function openSchemaEngine(provider: Provider, url: string): Promise<SchemaEngine> {
  instantiate();
  const file = { path: pathOf(provider, 'schema.prisma'), content: readSchema(provider) };
  const engine = await bindings.SchemaEngine.new(
    { datamodels: [[file.path, file.content]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(createFactory(provider, url)),
  );
  const migrationsList = readMigrations(provider);
  return {
    createScript: async () => {
      const { stdout } = await engine.diff({
        from: { tag: 'empty' },
        to: { tag: 'schemaDatamodel', files: [file] },
        script: true,
        exitCode: null,
        filters: noFilters,
      });
      return stdout ?? '';
    },
    applyMigrations: async () =>
      (await engine.applyMigrations({ migrationsList, filters: noFilters })).appliedMigrationNames,
    diagnose: async () => {
      const found = await engine.diagnoseMigrationHistory({
        migrationsList,
        optInToShadowDatabase: false,
        filters: noFilters,
      });
      const names = [...found.editedMigrationNames, ...found.failedMigrationNames];
      return names.length > 0 ? names : found.history;
    },
  };
}

let isInstantiated = false;

function instantiate(): void {
  if (isInstantiated) return;
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const module = new WebAssembly.Module(readFileSync(entry.replace(/\.js$/, '.wasm')));
  const { exports } = new WebAssembly.Instance(module, { './schema_engine_bg.js': { ...bindings } });
  bindings.__wbg_set_wasm(exports);
  (exports.__wbindgen_start as () => void)();
  isInstantiated = true;
}

function createFactory(provider: Provider, url: string): SqlMigrationAwareDriverAdapterFactory {
  if (provider === 'postgresql') return new PrismaPg({ connectionString: url });
  return {
    ...createSqliteAdapter({ path: url.slice('file:'.length) }),
    connectToShadowDb: () => Promise.reject(new Error('There is no shadow database.')),
  };
}

function readMigrations(provider: Provider) {
  const baseDir = pathOf(provider, 'migrations');
  const read = (name: string) => readFileSync(`${baseDir}/${name}`, 'utf8');
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: read('migration_lock.toml') },
    shadowDbInitScript: '',
    migrationDirectories: readdirSync(baseDir, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok', value: read(`${name}/migration.sql`) } as const,
        },
      })),
  };
}

function pathOf(provider: Provider, name: string): string {
  return fileURLToPath(new URL(`../../prisma/${provider}/${name}`, import.meta.url));
}
