import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveWorld } from '../graph/graph.ts';
import { launchBrowser } from '../support/browser.ts';
import { provider } from '../support/database.ts';
import { createWorld, type World } from '../support/world.ts';

const root = fileURLToPath(new URL('../../examples/frontend', import.meta.url));

/** What `npm run codegen` would write, in a process of its own as then. */
async function generateTypes(): Promise<readonly { readonly filename: string; readonly content: string }[]> {
  const program = `
    import { generate } from '@graphql-codegen/cli';
    import config from './codegen.ts';
    const files = await generate({ ...config, silent: true, cwd: process.cwd() }, false);
    process.stdout.write(JSON.stringify(files));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', program],
    { cwd: root, maxBuffer: 16 * 1024 * 1024 },
  );
  return JSON.parse(stdout);
}

// The page knows nothing of databases: once is enough.
describe.skipIf(provider !== 'sqlite')('the example frontend', () => {
  let world: World;
  let server: Awaited<ReturnType<typeof serveWorld>>;
  let site: PreviewServer;
  let browser: Browser;
  let page: Page;
  let outDir: string;
  let uuid: string;
  const failures: string[] = [];

  beforeAll(async () => {
    world = await createWorld();
    uuid = await world.addScript('zfs reads', { metadata: { team: 'storage' } });
    // Those of the same millisecond would be listed in the order of their UUIDs.
    await sleep(3);
    await world.addScript('<img src=x onerror=alert(1)>');
    server = await serveWorld(world);
    outDir = await mkdtemp(join(tmpdir(), 'dtrace-frontend-'));
    await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true } });
    site = await preview({
      root,
      logLevel: 'error',
      build: { outDir },
      preview: { port: 0, proxy: { '/graphql': new URL(server.url).origin } },
    });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
    await server?.stop();
    await world?.close();
    if (outDir) await rm(outDir, { recursive: true });
    expect(failures).toEqual([]);
  });

  /** Opens the page in a window of its own, and signs in. */
  async function signIn(token: string, hash = ''): Promise<void> {
    page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => failures.push(String(error)));
    await page.goto(`${site.resolvedUrls?.local[0]}${hash}`);
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  const notice = () => page.getByRole('alert');

  it('is typed by what the schema says now', async () => {
    const files = await generateTypes();
    expect(files.length).toBeGreaterThan(2);
    for (const { filename, content } of files) {
      const file = await readFile(join(root, filename), 'utf8');
      expect(file, `${filename} is out of date: run \`npm run codegen\`.`).toBe(content);
    }
  });

  it('lists scripts, shows one, and sets its metadata', async () => {
    await signIn(world.tokens.editor);
    await page.getByText('Signed in as editor.').waitFor();
    expect(await page.getByRole('navigation').getByRole('link').allTextContents()).toEqual([
      'zfs reads',
      '<img src=x onerror=alert(1)>',
    ]);
    await page.getByRole('link', { name: 'zfs reads' }).click();
    await page.getByRole('heading', { name: 'zfs reads' }).waitFor();
    expect(await page.locator('#source').textContent()).toBe('BEGIN { exit(0); }');
    expect(page.url()).toContain(uuid);

    await page.getByLabel('Keys').fill('jingles/notes');
    await page.getByLabel('Value').fill('[{"text": "yap"}]');
    await page.getByRole('button', { name: 'Set' }).click();
    await page.getByText('Saved.').waitFor();
    const metadata = { team: 'storage', jingles: { notes: [{ text: 'yap' }] } };
    expect(JSON.parse((await page.locator('#metadata').textContent()) ?? '')).toEqual(metadata);
    const { data } = await world.ask('reader', `{ dtraceScript(uuid: "${uuid}") { metadata } }`);
    expect(data.dtraceScript.metadata).toEqual(metadata);
  });

  it('does not overwrite what somebody else has changed', async () => {
    await signIn(world.tokens.editor, `#${uuid}`);
    await page.getByRole('heading', { name: 'zfs reads' }).waitFor();
    await world.ask(
      'editor',
      `mutation { setDtraceScriptMetadata(uuid: "${uuid}", path: ["team"], value: "compute") { uuid } }`,
    );
    await page.getByLabel('Keys').fill('team');
    await page.getByLabel('Value').fill('"network"');
    await page.getByRole('button', { name: 'Set' }).click();
    await page.getByText('Somebody has changed this script').waitFor();
    const { data } = await world.ask(
      'reader',
      `{ dtraceScript(uuid: "${uuid}") { metadata(path: ["team"]) } }`,
    );
    expect(data.dtraceScript.metadata).toBe('compute');
  });

  it('hides the form from who may only read', async () => {
    await signIn(world.tokens.reader, `#${uuid}`);
    await page.getByText('You may read this script, but not change it.').waitFor();
    expect(await page.locator('#edit').count()).toBe(0);
  });

  it('says which permission is lacking, and goes on working', async () => {
    await signIn(world.tokens.lister, `#${uuid}`);
    await notice()
      .getByText(`You may not do this. Ask your administrator for the permission dtrace->${uuid}->get.`)
      .waitFor();
    expect(await page.getByText('Signed in as lister.').isVisible()).toBe(true);
    expect(await page.locator('#source').count()).toBe(0);
  });

  it('says so when a permission is taken away while the form is open', async () => {
    const token = await world.addUser('leaver', `dtrace->${uuid}->...`);
    await signIn(token, `#${uuid}`);
    await page.getByText('You may not list scripts.').waitFor();
    await world.accounts.revoke('user', 'leaver', `dtrace->${uuid}->...`);
    await page.getByLabel('Keys').fill('team');
    await page.getByLabel('Value').fill('1');
    await page.getByRole('button', { name: 'Set' }).click();
    await notice().getByText(`the permission dtrace->${uuid}->edit`).waitFor();
    expect(await page.getByRole('heading', { name: 'zfs reads' }).isVisible()).toBe(true);
  });

  it('asks for another token when one is not valid, and for JSON when a value is not', async () => {
    await signIn('dtg_unknown');
    await notice().getByText('This token is not valid, or no longer.').waitFor();
    await page.getByLabel('Token').fill(world.tokens.editor);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'zfs reads' }).click();
    await page.getByLabel('Keys').fill('team');
    await page.getByLabel('Value').fill('storage');
    await page.getByRole('button', { name: 'Set' }).click();
    await notice().getByText('The value is not JSON.').waitFor();
  });
});
