import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { graphqlEndpoint } from '../../src/graphql/routes.ts';
import type { RunningServer } from '../../src/http/server.ts';
import { launchBrowser, openPage, type WatchedPage } from '../support/browser.ts';
import { visit } from '../support/graphiql.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let browser: Browser;
const servers: RunningServer[] = [];
beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld(), launchBrowser()]);
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});
afterAll(async () => {
  await browser?.close();
  await Promise.all(servers.map((server) => server.stop(0)));
  await world.close();
});

/** Opens GraphiQL of a gateway that listens for real, in a browser that has never been there. */
async function arrive(settings: { readonly introspection?: boolean } = {}, path = '/') {
  const server = await createGateway(world.store, { ...world.config, ...settings }).listen('127.0.0.1', 0);
  servers.push(server);
  const watched = await openPage(browser, server.url);
  return { ...watched, url: server.url, visitor: await visit(watched.page, server.url + path) };
}

const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 20_000 });

const refusedAs = (status: string) =>
  `console: Failed to load resource: the server responded with a status of ${status}`;
const advice = ({ page }: Pick<WatchedPage, 'page'>) => page.getByRole('status').innerText();

it('takes a stranger from the documentation to a script of their own, and to a refusal they understand', async () => {
  const { page, visitor, complaints, url } = await arrive();
  expect(page.url()).toBe(url + graphqlEndpoint);

  // Signed out, the documentation is there all the same, and says what every field requires.
  await visitor.openType('Query');
  const documentation = page.locator('.graphiql-doc-explorer');
  await documentation.getByText('Requires cloud->dtrace->list.').first().waitFor();
  await documentation.getByText('Requires dtrace->UUID->get for each of uuids.').waitFor();
  await documentation.getByText('Requires no token.').waitFor();

  expect(await visitor.run('WhoAmI')).toEqual({ data: { viewer: null } });
  expect(complaints).toEqual([]);
  expect((await visitor.run('ListScripts')).errors[0].extensions.code).toBe('UNAUTHENTICATED');
  expect(await advice({ page })).toMatch(/^You are signed out\./);
  // The browser itself reports a 401, which is what the gateway answered.
  expect(complaints).toEqual([refusedAs('401 (Unauthorized)')]);

  await visitor.signIn(world.tokens.admin);
  expect((await visitor.run('WhoAmI')).data.viewer).toEqual({ name: 'admin', permissions: ['...'] });
  expect(await page.getByRole('status').count()).toBe(0);

  const { uuid } = (await visitor.run('CreateScript')).data.createDtraceScript;
  await visitor.press('Variables');
  await eventually(() => visitor.textOf('tool')).toContain(uuid);
  const set = await visitor.run('SetMetadata');
  expect(set.data.setDtraceScriptMetadata).toMatchObject({ uuid, dtraceScript: { revision: 2 } });
  const { data } = await visitor.run('ListScripts');
  expect(data.dtraceScripts).toEqual([
    { uuid, name: 'system calls by program', revision: 2, metadata: { owner: { team: 'storage' } } },
  ]);
  await eventually(() => visitor.textOf('response')).toContain('"team": "storage"');

  await visitor.signIn(world.tokens.lister);
  const refused = await visitor.run('OneScript');
  expect(refused.errors[0].extensions).toMatchObject({
    code: 'FORBIDDEN',
    permission: `dtrace->${uuid}->get`,
  });
  expect(await advice({ page })).toContain(`You lack the permission dtrace->${uuid}->get.`);
  expect(await advice({ page })).toContain(`users grant NAME 'dtrace->${uuid}->get'`);
  expect(complaints.slice(1)).toEqual([]);
});

it('keeps headers across reloads and for new tabs, remembers operations, prettifies and completes', async () => {
  const { page, visitor, complaints, url } = await arrive();
  await visitor.signIn(world.tokens.reader);
  await visitor.run('WhoAmI');
  await page.waitForFunction(() => localStorage.getItem('graphiql:tabState')?.includes('dtg_'));

  const again = await visit(page, url);
  const hasToken = async () =>
    (await again.textOf('tool')).replaceAll('\n', '').includes(world.tokens.reader);
  expect(await hasToken()).toBe(true);
  expect((await again.run('WhoAmI')).data.viewer.name).toBe('reader');

  await again.press('Show History');
  const remembered = page.locator('.graphiql-history-item').filter({ hasText: 'WhoAmI' });
  await remembered.first().waitFor();

  await again.press('New tab');
  await eventually(hasToken).toBe(true);
  await again.paste('query', 'query Mine{viewer{name}}');
  await again.press(/^Prettify query/);
  await eventually(() => again.textOf('query')).toMatch(
    /^query Mine \{\n {2}viewer \{\n {4}name\n {2}\}\n\}\s*$/,
  );

  // Completion comes from a worker: the policy lets it run.
  await again.paste('query', '');
  await page.keyboard.type('{ dtr');
  await page.locator('.suggest-widget').getByText('dtraceScriptsByUuid').first().waitFor();
  expect(complaints).toEqual([]);
});

it('lets no token, however wrong, take the documentation away', async () => {
  const { page, visitor, complaints, url } = await arrive();
  await visitor.signIn('dtg_wrong');
  expect((await visitor.run('WhoAmI')).errors[0].extensions.code).toBe('UNAUTHENTICATED');
  expect(await advice({ page })).toMatch(/^The token is not valid\./);
  await page.waitForFunction(() => localStorage.getItem('graphiql:tabState')?.includes('dtg_'));

  const again = await visit(page, url);
  await again.openType('Mutation');
  await page.locator('.graphiql-doc-explorer').getByText('Requires cloud->dtrace->create.').waitFor();
  expect(complaints).toEqual([refusedAs('401 (Unauthorized)')]);
});

it('opens what a link brings along', async () => {
  const query = encodeURIComponent('query Linked { viewer { name } }');
  const { visitor, complaints } = await arrive({}, `${graphqlEndpoint}?query=${query}`);
  expect(await visitor.textOf('query')).toContain('query Linked');
  expect(complaints).toEqual([]);
});

it('says plainly that introspection is off, and still runs operations', async () => {
  const { page, visitor, complaints } = await arrive({ introspection: false });
  await page.getByText('This server keeps its schema to itself').waitFor();
  await visitor.signIn(world.tokens.reader);
  expect((await visitor.run('WhoAmI')).data.viewer.name).toBe('reader');
  expect(complaints).toEqual([]);
});

it('fits a narrow window, and takes on its colours', async () => {
  const { page, visitor, complaints } = await arrive();
  await page.setViewportSize({ width: 420, height: 860 });
  for (const part of ['.graphiql-query-editor', '.graphiql-response']) {
    await eventually(async () => (await page.locator(part).boundingBox())?.width).toBeGreaterThan(300);
  }
  const brightness = () =>
    page
      .locator('.graphiql-container')
      .evaluate((element) => Number(getComputedStyle(element).backgroundColor.match(/\d+/)?.[0]));
  await page.emulateMedia({ colorScheme: 'dark' });
  await eventually(brightness).toBeLessThan(80);
  await page.emulateMedia({ colorScheme: 'light' });
  await eventually(brightness).toBeGreaterThan(200);
  // The documentation covers the rest, and goes again.
  await visitor.openType('Query');
  await visitor.press('Hide Documentation Explorer');
  await visitor.run('WhoAmI');
  expect(complaints).toEqual([]);
});
