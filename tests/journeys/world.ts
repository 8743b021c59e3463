/** A stack and a browser for the journeys of a lane; people come and go with pages of their own. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { freePorts } from '../../scripts/stack/ports.ts';
import { type Stack, type StackOptions, startStack } from '../../scripts/stack/stack.ts';
import { findChromium } from '../../scripts/test/chromium.ts';
import { type Device, Devices, type Window } from './devices.ts';
import { OwnBrowser } from './own-browser.ts';
import { Person } from './person.ts';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Ten pictures a second show as much as thirty, and leave the cores to what is tried.
  '--use-fake-device-for-media-stream=fps=10',
  '--use-fake-ui-for-media-stream',
  '--allow-loopback-in-peer-connection',
  // Tabs of a device share its process, so that the next one finds it warm.
  '--process-per-site',
];

/** What people wait for each other in a call before it is given up, ms: on a busy machine they are slow. */
export const patience = {
  'call.ringMs': 120_000,
  'call.connectMs': 120_000,
  'call.reconnectMs': 120_000,
  'call.frozenMs': 240_000,
} as const;

export class World {
  readonly stack: Stack;
  readonly #browser: Browser;
  readonly #executablePath: string;
  readonly #devices: Devices;
  readonly #open: { who: string; context: BrowserContext; end: (reuse: boolean) => Promise<void> }[] = [];
  readonly #errors: string[] = [];
  #people = 0;

  private constructor(stack: Stack, browser: Browser, executablePath: string) {
    this.stack = stack;
    this.#browser = browser;
    this.#executablePath = executablePath;
    this.#devices = new Devices(browser, [stack.origins.app, stack.origins.panel]);
  }

  /** @param beside where worlds begin alike: the state all of them copy, and whether another has built the web apps */
  static async begin(state: string, beside: Pick<StackOptions, 'copyOf' | 'webIsBuilt'> = {}): Promise<World> {
    const executablePath = findChromium();
    assert.ok(executablePath, 'Chromium is installed');
    const stack = await startStack({
      ports: await freePorts(),
      state,
      ...beside,
      progress: ({ step, ms }) => ms !== undefined && console.log(`· ${step}`),
    });
    const world = new World(stack, await chromium.launch({ executablePath, args: flags }), executablePath);
    const staff = await world.person('alex@demo.test');
    for (const [key, ms] of Object.entries(patience)) await staff.setSetting(key, ms);
    return world;
  }

  async end(): Promise<void> {
    await this.#browser.close();
    await this.stack.stop();
  }

  person(email: string): Promise<Person> {
    return Person.signIn(this.stack.origins.api, email);
  }

  /** A member nobody has met, with so many coins. */
  async newMember(coins: number): Promise<{ email: string; member: Person }> {
    const email = `guest-${Date.now().toString(36)}-${++this.#people}@demo.test`;
    const member = await this.person(email);
    if (coins > 0) await member.topUp(coins);
    await member.skipFirstVisit();
    return { email, member };
  }

  /** A device with nothing stored, microphone and camera allowed. */
  async page(who: string, window: Window = {}): Promise<Page> {
    const device: Device = await this.#devices.take(window);
    const { context, page } = device;
    page.on('pageerror', (error) => this.#errors.push(`${who}: ${error.message}`));
    this.#open.push({ who, context, end: (reuse) => (reuse ? this.#devices.giveBack(device) : context.close()) });
    return page;
  }

  /** A device that gets push messages, with a browser for itself: nothing stored, everything allowed. */
  async ownBrowser(who: string, { language = 'en' }: Pick<Window, 'language'> = {}): Promise<OwnBrowser> {
    const browser = await OwnBrowser.open({
      executablePath: this.#executablePath,
      flags,
      profiles: join(this.stack.state, 'profiles'),
      sandbox: this.stack.origins.sandbox,
      locale: language === 'de' ? 'de-DE' : 'en-GB',
    });
    const { context } = browser;
    context.on('page', (page) => page.on('pageerror', (error) => this.#errors.push(`${who}: ${error.message}`)));
    this.#open.push({ who, context, end: () => browser.close() });
    return browser;
  }

  /** A device on which this person is signed in, at the app's or the portal's first screen. */
  async signIn(app: 'app' | 'portal' | 'panel', email: string, window: Window = {}): Promise<Page> {
    const page = await this.page(email, window);
    await this.enter(page, app, email);
    return page;
  }

  /** Signs somebody in on a page, as the door would; journeys that are about the door go through it themselves. */
  async enter(page: Page, app: 'app' | 'portal' | 'panel', email: string): Promise<void> {
    const { origins } = this.stack;
    const origin = app === 'panel' ? origins.panel : origins.app;
    const ask = async (path: string, data: object) => {
      const answer = await page.request.post(`${origin}/api/v1${path}`, { data, headers: { Origin: origin, 'X-Hearthline-App': app } });
      assert.ok(answer.ok(), `${path} answered ${answer.status()}`);
      return answer.json();
    };
    const { challengeId, devCode } = await ask('/auth/otp/start', { email });
    await ask('/auth/otp/verify', { challengeId, code: devCode, app });
    await page.goto(app === 'portal' ? `${origin}/portal/` : `${origin}/`);
    await page.locator('.frame').waitFor();
  }

  /** A companion at the portal's first screen, ready to be rung. */
  async companion(email: string, window: Window = {}): Promise<Page> {
    const page = await this.signIn('portal', email, window);
    await page.getByRole('heading', { name: 'You are at work' }).waitFor();
    return page;
  }

  /** What a page threw since the last journey. */
  assertNoPageErrors(): void {
    assert.deepEqual(this.#errors, [], 'no page threw an error');
  }

  /** Pictures of all open pages, for whoever looks for the reason. */
  async keepPictures(): Promise<void> {
    const folder = join(this.stack.state, 'pictures');
    mkdirSync(folder, { recursive: true });
    const pages = this.#open.flatMap(({ who, context }) => context.pages().map((page) => ({ who, page })));
    for (const [index, { who, page }] of pages.entries()) {
      const path = join(folder, `${index}-${who.replace(/\W+/g, '-')}.png`);
      await page.screenshot({ path, timeout: 5_000 }).then(
        () => console.log(`  picture: ${path}`),
        () => undefined,
      );
    }
  }

  /** @param reuse whether others may go on with their devices: not where something went wrong */
  async closePages(reuse = true): Promise<void> {
    for (const { end } of this.#open.splice(0)) await end(reuse).catch(() => undefined);
    this.#errors.length = 0;
  }
}
