/**
 * Devices of the people in journeys: a context of the browser each, with nothing stored. One that is given back is wiped and
 * serves the next person: its files are at hand and its process runs, which is half of what a page costs when it opens first.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { PATIENCE_MS } from './harness.ts';
import { forceRelay, hookConnections } from './media-stats.ts';

export interface Window {
  readonly width?: number;
  readonly dark?: boolean;
  /** Of the browser. */
  readonly language?: 'en' | 'de';
  /** Sound and picture take no way but a relay. */
  readonly relayOnly?: boolean;
  /** The app keeps itself on the device. That costs a browser as much as the page itself, so only who needs it asks for it. */
  readonly keepsApp?: boolean;
  /** The journey puts something of its own into every page that opens here. */
  readonly altered?: boolean;
}

export interface Device {
  readonly context: BrowserContext;
  /** Its first tab. */
  readonly page: Page;
  readonly window: Window;
}

export class Devices {
  readonly #browser: Browser;
  /** Where the apps are served. */
  readonly #origins: readonly string[];
  readonly #wiped: Device[] = [];

  constructor(browser: Browser, origins: readonly string[]) {
    this.#browser = browser;
    this.#origins = origins;
  }

  /** A device with nothing stored, microphone and camera allowed. */
  async take(window: Window): Promise<Device> {
    const at = isOrdinary(window) ? this.#wiped.findIndex((one) => looksOf(one.window) === looksOf(window)) : -1;
    return (at < 0 ? undefined : this.#wiped.splice(at, 1)[0]) ?? this.#open(window);
  }

  async #open(window: Window): Promise<Device> {
    const { width = 1280, dark = false, language = 'en', keepsApp = false, relayOnly = false } = window;
    const context = await this.#browser.newContext({
      viewport: { width, height: width < 500 ? 760 : 800 },
      reducedMotion: 'reduce',
      serviceWorkers: keepsApp ? 'allow' : 'block',
      colorScheme: dark ? 'dark' : 'light',
      locale: language === 'de' ? 'de-DE' : 'en-GB',
    });
    // For every tab of it.
    context.setDefaultTimeout(PATIENCE_MS);
    await context.grantPermissions(['camera', 'microphone']);
    await context.addInitScript(hookConnections);
    if (relayOnly) await context.addInitScript(forceRelay);
    return { context, page: await context.newPage(), window };
  }

  /** Wiped for the next person where that can be done, and thrown away otherwise. */
  async giveBack(device: Device): Promise<void> {
    try {
      if (isOrdinary(device.window) && !device.page.isClosed()) this.#wiped.push(await this.#wipe(device));
      else await device.context.close();
    } catch {
      await device.context.close().catch(() => undefined);
    }
  }

  /** A new tab has no history, no session and nobody who listens; it opens before the others close, so that the process goes on. */
  async #wipe({ context, window }: Device): Promise<Device> {
    const pages = context.pages();
    await context.setOffline(false);
    const page = await context.newPage();
    await page.goto(`${this.#origins[0]}/early.js`);
    for (const old of pages) await old.close();
    const devtools = await context.newCDPSession(page);
    for (const origin of this.#origins) await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
    await devtools.send('Page.resetNavigationHistory');
    await devtools.detach();
    await context.clearCookies();
    return { context, page, window };
  }
}

/** What two devices have alike where one can serve in the other's place. */
const looksOf = ({ width = 1280, dark = false, language = 'en' }: Window): string => `${width} ${dark} ${language}`;
const isOrdinary = ({ relayOnly = false, keepsApp = false, altered = false }: Window): boolean => !relayOnly && !keepsApp && !altered;
