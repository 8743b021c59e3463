import { beforeAll, expect, test, vi } from 'vitest';
import type { CallMedia, CallParty } from '../../../worker/protocol/call/call.ts';
import type { MediaGrant } from '../../../worker/protocol/call/media.ts';
import { FakeClock, settle } from '../fake-clock.ts';
import { DirectMedia } from './direct.ts';
import { FakeConnection } from './fake-connection.ts';

beforeAll(() => {
  Object.assign(globalThis, { MediaStream: class {} });
});

const grant: MediaGrant = {
  provider: 'direct',
  credentials: { iceServers: [{ urls: ['turn:turn.test'], username: 'u', credential: 'c' }], iceTransportPolicy: 'relay' },
};
const track = (kind: string) => ({ kind, enabled: true, stop: () => undefined });
const streamOf = (...tracks: ReturnType<typeof track>[]) => ({ getTracks: () => tracks }) as unknown as MediaStream;
type Signal = Record<string, unknown>;

/** One end; what it says goes to `said`, and on to the other end once they are joined. */
function end(you: CallParty, clock: FakeClock, media: CallMedia = 'video', page = 'first') {
  const connections: FakeConnection[] = [];
  const said: Signal[] = [];
  const events: string[] = [];
  let ends = 0;
  let other: ((signal: Signal) => void) | null = null;
  const client = new DirectMedia({
    you,
    media,
    clock,
    signal: (data) => {
      said.push(data);
      other?.(data);
    },
    connect: (configuration) => {
      const made = new FakeConnection(configuration);
      connections.push(made);
      return made as unknown as RTCPeerConnection;
    },
    newEnd: () => `${page} ${++ends}`,
  });
  client.on('connected', () => events.push('connected'));
  client.on('interrupted', () => events.push('interrupted'));
  client.on('failed', () => events.push('failed'));
  client.on('reach', (open) => events.push(open ? 'reach' : 'out of reach'));
  client.on('told', (text) => events.push(`told ${text}`));
  return {
    client,
    said,
    events,
    connections,
    reach: (target: { client: DirectMedia }) => {
      other = (signal) => target.client.signal(signal);
    },
    get connection() {
      const last = connections.at(-1);
      if (!last) throw new Error('no connection was made');
      return last;
    },
  };
}

function pair(clock = new FakeClock(), media: CallMedia = 'video') {
  const caller = end('caller', clock, media);
  const callee = end('callee', clock, media);
  caller.reach(callee);
  callee.reach(caller);
  return { clock, caller, callee };
}

test('caller and callee connect, whoever comes first, with what the server granted', async () => {
  for (const order of [
    ['caller', 'callee'],
    ['callee', 'caller'],
  ] as const) {
    const both = pair();
    for (const who of order) await both[who].client.join(grant);
    await settle();
    expect(both.caller.events).toContain('connected');
    expect(both.callee.events).toContain('connected');
    expect(both.caller.connection.configuration).toEqual({
      iceServers: [{ urls: ['turn:turn.test'], username: 'u', credential: 'c' }],
      iceTransportPolicy: 'relay',
    });
    expect(both.callee.said.some(({ kind }) => kind === 'offer')).toBe(false);
  }
});

test('a reloaded callee gets a new connection, and the old one’s late words reach nobody', async () => {
  const clock = new FakeClock();
  const { caller, callee } = pair(clock);
  await callee.client.join(grant);
  await caller.client.join(grant);
  await settle();
  const old = callee.said.find(({ kind }) => kind === 'ready')?.end;
  const reloaded = end('callee', clock, 'video', 'reloaded');
  caller.reach(reloaded);
  reloaded.reach(caller);
  const before = caller.connections.length;
  await reloaded.client.join(grant);
  await settle();
  expect(caller.connections.length).toBeGreaterThan(before);
  expect(reloaded.events).toContain('connected');
  const candidates = caller.connection.candidates.length;
  caller.client.signal({ kind: 'candidate', end: old, candidate: { candidate: 'late' } });
  caller.client.signal({ kind: 'answer', end: old, sdp: 'late' });
  await settle();
  expect(caller.connection.candidates).toHaveLength(candidates);
});

test('a reloaded caller asks the callee, who begins anew', async () => {
  const clock = new FakeClock();
  const { caller, callee } = pair(clock);
  await callee.client.join(grant);
  await caller.client.join(grant);
  await settle();
  const reloaded = end('caller', clock);
  reloaded.reach(callee);
  callee.reach(reloaded);
  await reloaded.client.join(grant);
  await settle();
  expect(reloaded.events).toContain('connected');
  expect(callee.connections.filter(({ closed }) => !closed)).toHaveLength(1);
});

test('from voice to video and back: one connection, one slot for the picture, and no picture once it is voice again', async () => {
  const { caller, callee } = pair(new FakeClock(), 'audio');
  await callee.client.join(grant);
  await caller.client.join(grant);
  await settle();
  const kinds = () => caller.connection.slots.map(({ receiver }) => receiver.track.kind);
  expect(kinds()).toEqual(['audio']);
  const connections = caller.connections.length;
  const picture = track('video');
  for (const { client } of [callee, caller]) {
    client.setMedia('video');
    client.publish(streamOf(track('audio'), picture));
  }
  await settle();
  expect([kinds(), caller.connections.length, caller.connection.offers.length]).toEqual([['audio', 'video'], connections, 2]);
  expect(callee.connection.slots[1]?.sender.track).toBe(picture);
  for (const { client } of [callee, caller]) {
    client.setMedia('audio');
    client.publish(streamOf(track('audio')));
  }
  await settle();
  expect(callee.connection.slots[1]?.sender.track).toBeNull();
  for (const { client } of [callee, caller]) client.setMedia('video');
  await settle();
  expect([kinds(), caller.connection.offers.length]).toEqual([['audio', 'video'], 2]);
});

test('candidates that overtake their description wait for it', async () => {
  const clock = new FakeClock();
  const callee = end('callee', clock);
  await callee.client.join(grant);
  const name = callee.said[0]?.end;
  callee.client.signal({ kind: 'candidate', end: name, candidate: { candidate: 'a' } });
  await settle();
  expect(callee.connection.candidates).toEqual([]);
  callee.client.signal({ kind: 'offer', end: name, sdp: 'offer 1 audio' });
  await settle();
  expect(callee.connection.candidates).toEqual([{ candidate: 'a' }]);
});

test('no free talk: tracks are silent until live, and mute and camera hold through it', async () => {
  const { caller } = pair();
  const [voice, picture] = [track('audio'), track('video')];
  caller.client.publish(streamOf(voice, picture));
  await caller.client.join(grant);
  expect([voice.enabled, picture.enabled]).toEqual([false, false]);
  caller.client.setLive(true);
  expect([voice.enabled, picture.enabled]).toEqual([true, true]);
  caller.client.setMuted(true);
  caller.client.setCamera(false);
  caller.client.setLive(false);
  caller.client.setLive(true);
  expect([voice.enabled, picture.enabled]).toEqual([false, false]);
  caller.client.setMuted(false);
  expect([voice.enabled, picture.enabled]).toEqual([true, false]);
});

test('the callee’s tracks go into the slots of the offer', async () => {
  const { caller, callee } = pair();
  const [voice, picture] = [track('audio'), track('video')];
  callee.client.publish(streamOf(voice, picture));
  await callee.client.join(grant);
  await caller.client.join(grant);
  await settle();
  expect(callee.connection.slots.map(({ sender, direction }) => [sender.track, direction])).toEqual([
    [voice, 'sendrecv'],
    [picture, 'sendrecv'],
  ]);
});

test('a broken connection is mended by an ICE restart of the caller, also where the callee noticed', async () => {
  for (const who of ['caller', 'callee'] as const) {
    const both = pair();
    await both.callee.client.join(grant);
    await both.caller.client.join(grant);
    await settle();
    const made = both.caller.connections.length;
    both[who].events.length = 0;
    both[who].connection.change('disconnected');
    expect(both[who].events).toEqual(['interrupted']);
    await both.clock.advance(2_500);
    expect(both.caller.connection.offers.at(-1)).toEqual({ iceRestart: true });
    expect(both.caller.connections).toHaveLength(made);
    expect(both[who].events).toContain('connected');
  }
});

test('it is called failed only after several tries, and not while the other is away', async () => {
  const clock = new FakeClock();
  const caller = end('caller', clock);
  await caller.client.join(grant);
  caller.client.signal({ kind: 'ready', end: 'x' });
  await settle();
  caller.client.peer(false);
  caller.connection.change('failed');
  await clock.advance(60_000);
  expect(caller.events).toEqual(['interrupted']);
  caller.client.peer(true);
  await clock.advance(30_000);
  expect(caller.events).toEqual(['interrupted', 'failed']);
  expect(caller.connection.offers.filter(({ iceRestart }) => iceRestart)).toHaveLength(4);
});

test('leaving closes the connection, stops the devices and says nothing more', async () => {
  const { clock, caller, callee } = pair();
  const stop = vi.fn();
  caller.client.publish(streamOf({ ...track('audio'), stop }));
  await callee.client.join(grant);
  await caller.client.join(grant);
  await settle();
  const { connection } = caller;
  caller.client.leave();
  expect(connection.closed).toBe(true);
  expect(stop).toHaveBeenCalledOnce();
  const words = caller.said.length;
  callee.connection.change('failed');
  await clock.advance(60_000);
  expect(caller.said).toHaveLength(words);
});

test('short texts go straight to the other device while the connection lasts, and a new connection opens the way anew', async () => {
  const { caller, callee } = pair();
  caller.client.tell('too early');
  await callee.client.join(grant);
  await caller.client.join(grant);
  await settle();
  expect(caller.connection.channel?.id).toBe(callee.connection.channel?.id);
  caller.client.tell('hello');
  expect(caller.connection.channel?.sent).toEqual(['hello']);
  callee.connection.channel?.onmessage?.({ data: 'hello' });
  callee.connection.channel?.onmessage?.({ data: new ArrayBuffer(1) });
  expect(callee.events.filter((event) => event.startsWith('told'))).toEqual(['told hello']);
  const reloaded = end('callee', new FakeClock(), 'video', 'reloaded');
  caller.reach(reloaded);
  reloaded.reach(caller);
  await reloaded.client.join(grant);
  await settle();
  expect(caller.events.filter((event) => event.includes('reach'))).toEqual(['reach', 'out of reach', 'reach']);
  expect(reloaded.events).toContain('reach');
});
