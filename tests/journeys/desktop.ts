/**
 * The desktop that a browser shows its notices on: a message bus of its own with a service of the freedesktop
 * specification behind it. What stands here is what a person would see; a tap is what the desktop tells the browser of.
 */
import dbus from 'dbus-native';

export interface ShownNotice {
  readonly title: string;
  readonly body: string;
  /** Words on its buttons; those that every notice of the browser has are left out. */
  readonly buttons: readonly string[];
  /** Stays until somebody does something about it. */
  readonly stays: boolean;
}

interface Notified {
  readonly replaces: number;
  readonly summary: string;
  readonly body: string;
  /** Key and words in turn. */
  readonly actions: readonly string[];
  readonly timeout: number;
}

const PATH = '/org/freedesktop/Notifications';
const NAME = 'org.freedesktop.Notifications';
/** As the specification numbers why a notice closed. */
const CLOSED_BY_APP = 3;

export class Desktop {
  /** What a browser is told in `DBUS_SESSION_BUS_ADDRESS`. */
  readonly address: string;
  readonly #broker: dbus.DBusBroker;
  readonly #shown = new Map<number, Notified>();
  readonly #told: ShownNotice[] = [];
  #emit: Record<string, (...args: unknown[]) => void> = {};
  #count = 0;

  private constructor(broker: dbus.DBusBroker, address: string) {
    this.#broker = broker;
    this.address = address;
  }

  static async begin(): Promise<Desktop> {
    const broker = dbus.createBroker();
    const address = await new Promise<string>((done, refuse) =>
      broker.listen((error, at) => {
        if (error) refuse(error);
        else done(at);
      }),
    );
    const desktop = new Desktop(broker, address);
    await desktop.#serve();
    return desktop;
  }

  end(): void {
    this.#broker.close();
  }

  /** What is on the screen, the oldest first. */
  shown(): ShownNotice[] {
    return [...this.#shown.values()].map(seen);
  }

  /** Everything that was ever shown, also what has gone. */
  told(): readonly ShownNotice[] {
    return this.#told;
  }

  /**
   * Somebody taps the notice of this title, or a button on it.
   * @throws Error where it is not there
   */
  tap(title: string, button?: string): void {
    const [id, notice] = [...this.#shown].find(([, { summary }]) => summary === title) ?? [];
    if (id === undefined || !notice) throw new Error(`no notice says “${title}”: ${JSON.stringify(this.shown())}`);
    const key = button === undefined ? 'default' : buttonsOf(notice).find(({ words }) => words === button)?.key;
    if (key === undefined) throw new Error(`“${title}” has no button “${button}”`);
    this.#emit.ActionInvoked?.(id, key);
  }

  async #serve(): Promise<void> {
    const service = dbus.defineInterface({
      name: NAME,
      methods: {
        GetCapabilities: { out: { capabilities: 'as' }, handler: () => ['actions', 'body', 'persistence'] },
        GetServerInformation: {
          out: { name: 's', vendor: 's', version: 's', specification: 's' },
          handler: () => ({ name: 'desktop', vendor: 'journeys', version: '1', specification: '1.2' }),
        },
        Notify: {
          in: { app: 's', replaces: 'u', icon: 's', summary: 's', body: 's', actions: 'as', hints: 'a{sv}', timeout: 'i' },
          out: { id: 'u' },
          handler: (notice: Notified) => this.#show(notice),
        },
        CloseNotification: { in: { id: 'u' }, handler: ({ id }: { id: number }) => this.#close(id) },
      },
      signals: { NotificationClosed: { args: { id: 'u', reason: 'u' } }, ActionInvoked: { args: { id: 'u', action: 's' } } },
    });
    this.#emit = service.emit;
    const bus = dbus.createClient({ busAddress: this.address });
    bus.exportInterface(service.impl, PATH, service.descriptor);
    await bus.requestName(NAME, 0);
  }

  #show(notice: Notified): number {
    if (notice.replaces === 0) this.#count += 1;
    const id = notice.replaces || this.#count;
    this.#shown.set(id, notice);
    this.#told.push(seen(notice));
    return id;
  }

  #close(id: number): null {
    if (this.#shown.delete(id)) this.#emit.NotificationClosed?.(id, CLOSED_BY_APP);
    return null;
  }
}

/** Chromium puts these on every notice. */
const ITS_OWN = ['default', 'settings', 'close'];

function buttonsOf({ actions }: Notified): { key: string; words: string }[] {
  const pairs: { key: string; words: string }[] = [];
  for (let at = 0; at + 1 < actions.length; at += 2) pairs.push({ key: actions[at] ?? '', words: actions[at + 1] ?? '' });
  return pairs.filter(({ key }) => !ITS_OWN.includes(key));
}

const seen = (notice: Notified): ShownNotice => ({
  title: notice.summary,
  body: notice.body,
  buttons: buttonsOf(notice).map(({ words }) => words),
  stays: notice.timeout === 0,
});
