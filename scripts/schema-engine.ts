import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import { createSqliteAdapter } from '../src/store/sqlite/adapter.ts';
import type { Provider } from '../src/store/store.ts';
import { createPostgresFactory } from './postgres-catalogue.ts';

/** The needed part of Prisma's schema engine, for one database. */
export interface SchemaEngine {
  /** The SQL that creates `prisma/<provider>/schema.prisma` in an empty database. */
  createScript(): Promise<string>;
  /** The SQL that changes the database to the schema; empty if they are equal. */
  changeScript(): Promise<string>;
  /** Applies the pending migrations of `prisma/<provider>/migrations`. @returns their names */
  applyMigrations(): Promise<readonly string[]>;
  /** The problem in the migration history of the database, or null. */
  diagnose(): Promise<unknown>;
}

/** The exit code of a comparison that found a difference. */
const exitCodeOfChanges = 2;

const noFilters = { externalTables: [], externalEnums: [] };

/** The folder of the schemas and migrations of both databases. */
export const prismaFolder = fileURLToPath(new URL('../prisma', import.meta.url));

/** The text of `prisma/<provider>/schema.prisma`. */
export function readSchema(provider: Provider, folder = prismaFolder): string {
  return readFileSync(join(folder, provider, 'schema.prisma'), 'utf8');
}

/** @param folder - of the schemas and migrations, with the layout of `prisma` */
export async function openSchemaEngine(
  provider: Provider,
  url: string,
  folder = prismaFolder,
): Promise<SchemaEngine> {
  instantiate();
  const file = { path: join(folder, provider, 'schema.prisma'), content: readSchema(provider, folder) };
  const engine = await bindings.SchemaEngine.new(
    { datamodels: [[file.path, file.content]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(createFactory(provider, url)),
  );
  const migrationsList = listMigrations(join(folder, provider, 'migrations'));
  const scriptFrom = async (from: bindings.DiffTarget) => {
    const { stdout, exitCode } = await engine.diff({
      from,
      to: { tag: 'schemaDatamodel', files: [file] },
      script: true,
      exitCode: true,
      filters: noFilters,
    });
    return exitCode === exitCodeOfChanges ? (stdout ?? '') : '';
  };
  return {
    createScript: () => scriptFrom({ tag: 'empty' }),
    changeScript: () => scriptFrom({ tag: 'schemaDatasource', files: [file], configDir: folder }),
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
  if (provider === 'postgresql') return createPostgresFactory(url);
  return {
    ...createSqliteAdapter({ path: url.slice('file:'.length) }),
    connectToShadowDb: () => Promise.reject(new Error('There is no shadow database.')),
  };
}

function listMigrations(baseDir: string) {
  return {
    baseDir,
    lockfile: {
      path: 'migration_lock.toml',
      content: readFileSync(join(baseDir, 'migration_lock.toml'), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: readMigrations(baseDir).map(({ name, script }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: script } as const },
    })),
  };
}

/** The migrations in a folder, in order. */
export function readMigrations(folder: string): { readonly name: string; readonly script: string }[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, script: readFileSync(join(folder, name, 'migration.sql'), 'utf8') }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
