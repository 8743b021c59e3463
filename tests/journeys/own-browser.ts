/**
 * A real browser with a profile of its own: it subscribes for push messages with the stack's sandbox, decrypts what comes, and
 * shows its notices on a desktop that can be read and tapped.
 */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page, type Worker } from 'playwright-core';
import { Desktop } from './desktop.ts';
import { eventually, PATIENCE_MS } from './harness.ts';

export interface OwnBrowserOptions {
  readonly executablePath: string;
  readonly flags: readonly string[];
  /** A folder to keep its profile in. */
  readonly profiles: string;
  /** Origin of the stack's sandbox. */
  readonly sandbox: string;
  readonly locale: string;
}

export class OwnBrowser {
  readonly context: BrowserContext;
  readonly desktop: Desktop;

  private constructor(context: BrowserContext, desktop: Desktop) {
    this.context = context;
    this.desktop = desktop;
  }

  static async open({ executablePath, flags, profiles, sandbox, locale }: OwnBrowserOptions): Promise<OwnBrowser> {
    const answer = await fetch(`${sandbox}/api/chromium`);
    const { flags: pushFlags } = (await answer.json()) as { flags: string[] };
    const desktop = await Desktop.begin();
    mkdirSync(profiles, { recursive: true });
    const context = await chromium.launchPersistentContext(mkdtempSync(join(profiles, 'profile-')), {
      executablePath,
      args: [...flags, ...pushFlags],
      env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: desktop.address },
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      locale,
    });
    return new OwnBrowser(context, desktop);
  }

  async close(): Promise<void> {
    await this.context.close();
    this.desktop.end();
  }

  /** What somebody answers to the browser's question, which no test can press: it asks no more. */
  allowNotices(): Promise<void> {
    return this.context.grantPermissions(['camera', 'microphone', 'notifications']);
  }

  /** Closes every page: what comes now, only the service workers hear. The browser itself goes on. */
  async closePages(): Promise<void> {
    const pages = this.context.pages();
    await this.context.newPage();
    for (const page of pages) await page.close();
  }

  /** The notices that the service worker of this scope has on the screen, as it says itself. */
  async noticesOf(scope: '/' | '/portal/'): Promise<readonly string[]> {
    const worker = await this.#worker(scope);
    return worker.evaluate(async () => {
      const { registration } = globalThis as unknown as { registration: { getNotifications(): Promise<{ title: string }[]> } };
      return (await registration.getNotifications()).map(({ title }) => title);
    });
  }

  /** Somebody taps a notice, or a button on it; the page that this opens. */
  async openBy(title: string, button?: string): Promise<Page> {
    const [page] = await Promise.all([
      this.context.waitForEvent('page', { timeout: PATIENCE_MS }),
      Promise.resolve().then(() => this.desktop.tap(title, button)),
    ]);
    page.setDefaultTimeout(PATIENCE_MS);
    return page;
  }

  #worker(scope: string): Promise<Worker> {
    return eventually(`a service worker of ${scope}`, async () =>
      this.context.serviceWorkers().find((worker) => new URL(worker.url()).pathname === `${scope}sw.js`),
    );
  }
}
