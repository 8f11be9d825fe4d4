// Writes docs/graphiql.png: the real page of the built server, with a new database, in a real Chromium.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser, openPage } from '../test/support/browser.ts';
import { visit } from '../test/support/graphiql.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'dtrace-gateway-'));
const server = spawn(process.execPath, [join(root, 'dist', 'main.js')], {
  env: { PATH: process.env.PATH, DATABASE_URL: `file:${join(folder, 'dtrace.db')}`, PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const { url, token } = await readWelcome();
  const browser = await launchBrowser();
  const { page, complaints } = await openPage(browser, url, { viewport: { width: 1280, height: 800 } });
  const visitor = await visit(page, url);
  await visitor.signIn(token);
  for (const operation of ['CreateScript', 'SetMetadata']) await visitor.run(operation);
  await visitor.openType('Query');
  await visitor.run('ListScripts');
  // The picture must not show a token.
  await visitor.paste('tool', '{\n  "Authorization": "Bearer dtg_…"\n}');
  await page.mouse.move(0, 0);
  await page.waitForTimeout(1_000);
  await page.screenshot({ path: join(root, 'docs', 'graphiql.png') });
  await browser.close();
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
} finally {
  server.kill();
  await once(server, 'close');
  rmSync(folder, { recursive: true, force: true });
}

async function readWelcome() {
  let text = '';
  for await (const chunk of server.stdout) {
    text += chunk;
    const url = /GraphiQL: (\S+)\/graphql/.exec(text)?.[1];
    const token = /Admin token: (\S+)/.exec(text)?.[1];
    if (url && token) return { url, token };
  }
  throw new Error(`The server did not start: ${text}`);
}
