/** Whether this device tells of calls and messages while the app is closed, and the ways to change that. */
import { listPushDevices, removePushDevice } from '../../../worker/protocol/http/push-devices.ts';
import type { Api } from '../api.ts';
import { isProblem } from '../problem.ts';
import { Store } from '../store.ts';
import { PushIsOff, subscribeHere } from './subscription.ts';

/**
 * `looking` for a moment only. `off`: nobody has asked for it, or it was turned off. `refused`: the browser was told no, and
 * only its own settings change that. `install`: this browser tells only where the app is on the home screen. `unsupported`:
 * it never does. `unreachable`: it should, but could not be arranged; the next visit tries again.
 */
export type Telling = 'looking' | 'off' | 'on' | 'refused' | 'install' | 'unsupported' | 'unreachable';

/** What is asked of the browser. */
export interface PushBrowser {
  /** The service worker's push manager; null where there is none. */
  manager(): Promise<PushManager | null>;
  /** True where pushes come only to apps on the home screen, and this is a page. */
  readonly mustBeInstalled: boolean;
  permission(): NotificationPermission;
  /** Shows the browser's question; only from a tap. */
  ask(): Promise<NotificationPermission>;
  /** What somebody chose on this device. */
  readonly memory: { read(): 'off' | null; write(choice: 'off' | null): void };
}

export class PushHere {
  readonly telling = new Store<Telling>('looking');
  readonly #api: Api;
  readonly #browser: PushBrowser;

  constructor(api: Api, browser: PushBrowser) {
    this.#api = api;
    this.#browser = browser;
  }

  /** At each start: where it was allowed and not turned off, the subscription is renewed. Never throws, never asks. */
  async begin(): Promise<void> {
    const manager = await this.#manager();
    if (!manager) return;
    const permission = this.#browser.permission();
    if (permission === 'denied') this.telling.set('refused');
    else if (permission === 'default' || this.#browser.memory.read() === 'off') this.telling.set('off');
    else await this.#subscribe(manager);
  }

  /** From a tap: the browser asks, if it has not yet. Never throws: what came of it is in `telling`. */
  async turnOn(): Promise<void> {
    const manager = await this.#manager();
    if (!manager) return;
    this.#browser.memory.write(null);
    const permission = await this.#browser.ask();
    if (permission === 'granted') await this.#subscribe(manager);
    else this.telling.set(permission === 'denied' ? 'refused' : 'off');
  }

  /** @throws ApiProblem, NoAnswer: then it is still on */
  async turnOff(): Promise<void> {
    const { items } = await this.#api.call(listPushDevices);
    const here = items.find(({ current, platform }) => current && platform === 'webpush');
    try {
      if (here) await this.#api.call(removePushDevice, { params: { id: here.id } });
    } catch (thrown) {
      if (!isProblem(thrown, 'not_found')) throw thrown;
    }
    this.#browser.memory.write('off');
    await this.#unsubscribe();
    this.telling.set('off');
  }

  async #manager(): Promise<PushManager | null> {
    if (this.#browser.mustBeInstalled) {
      this.telling.set('install');
      return null;
    }
    const manager = await this.#browser.manager().catch(() => null);
    if (!manager) this.telling.set('unsupported');
    return manager;
  }

  async #subscribe(manager: PushManager): Promise<void> {
    try {
      await subscribeHere(manager, this.#api);
      this.telling.set('on');
    } catch (thrown) {
      this.telling.set(thrown instanceof PushIsOff ? 'unsupported' : 'unreachable');
    }
  }

  async #unsubscribe(): Promise<void> {
    try {
      await (await (await this.#browser.manager())?.getSubscription())?.unsubscribe();
    } catch {
      // The server knows of it no longer: whatever is left here stays silent.
    }
  }
}
