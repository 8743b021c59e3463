/** Members and companions: their devices on the hub, and what a device does while it is in a call. */
import type { CallMedia, CallParty } from '../../worker/protocol/call/call.ts';
import type { CallId, SessionId, UserId } from '../../worker/protocol/ids.ts';
import type { Role } from '../../worker/protocol/people.ts';
import type { CallNews, HubDown, HubHost, HubUp, Item } from './hub.ts';
import { Link, Wire } from './network.ts';
import type { Plan } from './plans.ts';
import type { CallWire, SessionHost } from './session.ts';
import type { World } from './world.ts';

export class Device {
  readonly sessionId: SessionId;
  readonly person: Person;
  readonly link: Link;
  /** What it has seen of the person's sequence, in the order it came. */
  readonly seen: Item[] = [];
  private readonly world: World;
  private wire: Wire<HubUp, HubDown> | null = null;
  private closing = false;

  constructor(world: World, person: Person, sessionId: SessionId) {
    this.world = world;
    this.person = person;
    this.sessionId = sessionId;
    this.link = new Link(world.agenda, world.random, world.weather);
  }

  open(): void {
    if (this.wire?.clientOpen || this.closing) return;
    if (!this.link.up) {
      this.again();
      return;
    }
    const wire = this.person.hub.connect(this);
    this.wire = wire;
    wire.onFrame = (frame) => this.frame(frame);
    wire.onClose = () => this.again();
    wire.send({ type: 'hello', lastSeq: this.seen.length });
  }

  private again(): void {
    if (!this.closing) this.world.agenda.after(this.world.random.int(300, 4_000), () => this.open());
  }

  /** The socket breaks, and comes back. */
  drop(): void {
    const wire = this.wire;
    if (!wire?.clientOpen) return;
    wire.snap(this.world.random.int(0, 3_000), this.world.random.int(0, 3_000));
  }

  private frame(frame: HubDown): void {
    if (frame.type === 'hello') for (const item of frame.items) this.take(item);
    else if (frame.type === 'item') this.take(frame.item);
    else this.person.hears(frame.call);
  }

  private take(item: Item): void {
    if (item.seq <= this.seen.length) return;
    this.world.laws.sequence(this, item);
    this.seen.push(item);
    this.person.rung(item, this);
  }

  /** The world is over: nothing is opened again. */
  close(): void {
    this.closing = true;
    this.wire?.closeByClient();
  }
}

export class Person {
  readonly userId: UserId;
  readonly role: Role;
  readonly shard: number;
  readonly hub: HubHost;
  readonly devices: Device[] = [];
  private readonly world: World;

  constructor(world: World, of: { userId: UserId; role: Role; shard: number; hub: HubHost; devices: number }) {
    this.world = world;
    this.userId = of.userId;
    this.role = of.role;
    this.shard = of.shard;
    this.hub = of.hub;
    for (let n = 0; n < of.devices; n++) this.devices.push(new Device(world, this, `ses_${of.userId.slice(4)}${n}` as SessionId));
  }

  hears(_call: CallNews): void {}

  /** A device shows that somebody rings, and its owner does as planned. */
  rung(item: Item, device: Device): void {
    const { world } = this;
    const plan = world.planOf(item.callId);
    const session = world.session(item.callId);
    if (!plan || !session) return;
    const first = this.devices.find((one) => one.seen.some(({ callId }) => callId === item.callId)) === device;
    const after = first ? plan.answers : plan.answers !== null && plan.secondAnswers !== null ? plan.answers + plan.secondAnswers : null;
    if (plan.declines && first)
      world.agenda.after(1_500, () =>
        device.link.request<void>(
          (answer) => serve(session, { type: 'decline', party: 'callee' }, answer),
          () => {},
        ),
      );
    else if (after !== null) world.agenda.after(Math.max(0, after), () => accept(world, session, device, 'callee', plan));
  }
}

/** One HTTP request that ends in the call's object. */
function serve(session: SessionHost, event: Parameters<SessionHost['feed']>[0], answer: () => void): void {
  if (session.feed(event) !== null) answer();
}

function accept(world: World, session: SessionHost, device: Device, party: CallParty, plan: Plan): void {
  device.link.request<boolean>(
    (answer) => {
      const said = session.feed({ type: 'accept', party, sessionId: device.sessionId });
      if (said) answer(said.ok);
    },
    (ok) => {
      if (ok) world.join(session, party, device, plan);
    },
  );
}

/** One device in one call. */
export class CallClient {
  readonly party: CallParty;
  readonly device: Device;
  private readonly world: World;
  private readonly session: SessionHost;
  private readonly plan: Plan;
  private wire: CallWire | null = null;
  /** The call is over, as far as this device knows. */
  over = false;
  private asleep = false;
  private granted = 0;
  /** Media can't be had before this moment. */
  private mediaFrom = 0;

  constructor(world: World, session: SessionHost, party: CallParty, device: Device, plan: Plan) {
    this.world = world;
    this.session = session;
    this.party = party;
    this.device = device;
    this.plan = plan;
    this.open();
    world.agenda.after(world.random.int(0, world.limits.heartbeatMs), () => this.beat());
  }

  get id(): CallId {
    return this.session.id;
  }

  private open(): void {
    if (this.over || this.wire?.clientOpen) return;
    const { world, device } = this;
    if (!device.link.up) {
      this.again();
      return;
    }
    world.agenda.after(device.link.delay(), () => {
      if (this.over || this.wire?.clientOpen) return;
      if (!device.link.up || !this.session.isUp()) {
        this.again();
        return;
      }
      const wire: CallWire = new Wire(world.nextWire(), world.agenda, device.link, this.session);
      this.wire = wire;
      wire.onFrame = (frame) => this.frame(frame);
      wire.onClose = () => this.again();
      this.session.connect(wire, this.party);
    });
  }

  private again(): void {
    if (!this.over) this.world.agenda.after(this.world.random.int(300, 3_000), () => this.open());
  }

  private beat(): void {
    if (this.over) return;
    if (!this.asleep) this.wire?.ping();
    this.world.agenda.after(this.world.limits.heartbeatMs, () => this.beat());
  }

  private frame(frame: Parameters<CallWire['push']>[0]): void {
    const { world } = this;
    if (frame.type === 'grant') this.connectMedia();
    else if (frame.type === 'final' || (frame.type === 'farewell' && frame.close)) this.over = true;
    else if (frame.type === 'farewell') this.quiet();
    else if (frame.type === 'call.state') this.pingAt(frame.nextAt, frame.at);
    else if (frame.type === 'billing.checkpoint') this.pingAt(frame.nextAt, null);
    else if (frame.type === 'billing.low') world.runsLow(this.session, this.plan);
    else if (frame.type === 'media.change' && !frame.agreed && frame.by !== this.party && this.plan.mediaChange?.agreed) {
      world.agenda.after(world.random.int(100, 3_000), () => this.wire?.send({ type: 'media.change', media: frame.media }));
    }
  }

  /** The extra ping at the second of the next checkpoint. */
  private pingAt(nextAt: string | null, at: string | null): void {
    if (nextAt === null) return;
    const wait = at === null ? Date.parse(nextAt) - this.session.clock() : Date.parse(nextAt) - Date.parse(at);
    if (wait >= 0 && wait < 120_000)
      this.world.agenda.after(wait, () => {
        if (!this.asleep && !this.over) this.wire?.ping();
      });
  }

  private connectMedia(): void {
    const turn = ++this.granted;
    const up = turn === 1 ? this.plan.mediaUp[this.party] : Math.max(300, this.mediaFrom - this.world.agenda.now);
    if (up === null) return;
    this.world.agenda.after(up, () => {
      if (turn !== this.granted || this.over) return;
      if (turn === 1 && this.plan.mediaFails && this.party === 'callee')
        this.wire?.send({ type: 'media.failed', provider: 'direct', reason: 'no route' });
      else this.wire?.send({ type: 'media.connected' });
    });
  }

  /** The call is over but its receipt is not final: the socket stays, for a while. */
  private quiet(): void {
    this.world.agenda.after(30_000, () => {
      this.over = true;
      this.wire?.closeByClient();
    });
  }

  hangUp(): void {
    const { device, session, party, world } = this;
    if (world.random.chance(0.5)) this.wire?.send({ type: 'end' });
    else
      device.link.request<void>(
        (answer) => serve(session, { type: 'hangup', party }, answer),
        () => {},
      );
    // A page that is left does not wait for an answer.
    if (world.random.chance(0.3)) this.leave();
  }

  leave(): void {
    this.over = true;
    this.wire?.closeByClient();
  }

  ask(media: CallMedia): void {
    this.wire?.send({ type: 'media.change', media });
  }

  sleep(forMs: number): void {
    this.asleep = true;
    this.world.agenda.after(forMs, () => {
      this.asleep = false;
    });
  }

  goOffline(forMs: number): void {
    const { device, world } = this;
    device.link.up = false;
    device.drop();
    this.wire?.snap(world.random.int(0, 12_000), world.random.chance(0.5) ? world.random.int(0, 20_000) : null);
    world.agenda.after(forMs, () => {
      device.link.up = true;
    });
  }

  /** The page is loaded anew, and for a while hears nobody. */
  loseMedia(forMs: number): void {
    this.mediaFrom = this.world.agenda.now + forMs;
    this.reload();
  }

  reload(): void {
    const { wire, world } = this;
    if (!wire) return;
    if (world.random.chance(0.5)) wire.closeByClient();
    else wire.snap(0, null);
    this.again();
  }
}
