import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { prismaFolder, readMigrations, readSchema } from '../../../scripts/schema-engine.ts';
import { writeMigrations } from '../../../scripts/write-migrations.ts';

const providers = ['sqlite', 'postgresql'] as const;

describe('npm run migration', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dtrace-gateway-migrations-'));
    cpSync(prismaFolder, folder, { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const namesOf = (provider: (typeof providers)[number]) =>
    readMigrations(join(folder, provider, 'migrations')).map(({ name }) => name);
  const write = (name: string) =>
    writeMigrations({ name, folder, postgresUrl: inject('postgresUrl'), now: new Date(0) });

  it('writes nothing where the schemas have not changed', async () => {
    expect(await write('nothing')).toEqual([]);
  });

  it('writes the change of both schemas, behind the migrations that are there, and once', async () => {
    for (const provider of providers) {
      const schema = readSchema(provider, folder);
      const changed = schema.replace(/^model Role \{$/m, 'model Role {\n  note String?');
      expect(changed).not.toBe(schema);
      writeFileSync(join(folder, provider, 'schema.prisma'), changed);
    }
    const before = providers.map((provider) => namesOf(provider).at(-1) ?? '');
    const files = await write('add_role_note');
    const after = providers.map((provider) => namesOf(provider).at(-1) ?? '');
    expect(after.map((name, index) => name > (before[index] ?? ''))).toEqual([true, true]);
    for (const file of files) {
      expect(file).toMatch(/\d{14}_add_role_note.migration\.sql$/);
      expect(readFileSync(file, 'utf8')).toMatch(/^ALTER TABLE "roles" ADD COLUMN +"note" TEXT;$/m);
    }
    expect(await write('again')).toEqual([]);
  });

  it.each(['', '../away', 'Add a column', '1st'])('refuses the name %j', async (name) => {
    await expect(write(name)).rejects.toThrow(/^A migration is named like add_script_owner, not /);
  });
});
