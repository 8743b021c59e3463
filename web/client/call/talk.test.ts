import { expect, test, vi } from 'vitest';
import type { Call } from '../../../worker/protocol/call/call.ts';
import type { MediaGrant } from '../../../worker/protocol/call/media.ts';
import { closeCodes } from '../../../worker/protocol/errors.ts';
import { FakeClock, settle } from '../fake-clock.ts';
import { FakeServer, problemOf } from '../fake-server.ts';
import type { MediaClient, MediaEvents } from '../media/media.ts';
import type { Acts } from './acts.ts';
import { Talk, type TalkOptions } from './talk.ts';

const ada = 'usr_01m7xz2gcdfvm8xwv1ha7afe0s';
const grace = 'usr_01m7xz2gcdfvm8xwv1ha7afe1s';
const at = '2026-11-21T02:00:00.000Z';
const call: Call = {
  id: 'call_01m7xz2gcdfvm8xwv1ha7afe0s',
  state: 'ringing',
  media: 'audio',
  kind: 'direct',
  callerId: ada,
  calleeId: grace,
  createdAt: at,
  endReason: null,
  connectedMs: 0,
  endedAt: null,
  settled: false,
  resumes: null,
};
const receipt = { callId: call.id, connectedMs: 0, settled: true, checkpoints: [], totals: { payer: [], payee: [] } };
const grant: MediaGrant = { provider: 'direct', credentials: { iceServers: [], iceTransportPolicy: 'all' } };
const state = (name: string, over: object = {}) => ({
  type: 'call.state',
  state: name,
  at,
  connectedMs: 0,
  nextAt: null,
  media: 'audio',
  kind: 'direct',
  you: 'caller',
  role: 'payer',
  until: null,
  ...over,
});

class FakeMedia implements MediaClient {
  readonly did: string[] = [];
  readonly handlers: Partial<MediaEvents> = {};
  on<E extends keyof MediaEvents>(event: E, handler: MediaEvents[E]): void {
    (this.handlers as Record<string, unknown>)[event] = handler;
  }
  join = async (): Promise<void> => void this.did.push('join');
  publish = (): void => void this.did.push('publish');
  setMedia = (media: string): void => void this.did.push(`media ${media}`);
  setLive = (live: boolean): void => void this.did.push(`live ${live}`);
  setMuted = (muted: boolean): void => void (muted && this.did.push('muted'));
  setCamera = (): void => undefined;
  signal = (data: Record<string, unknown>): void => void this.did.push(`signal ${data.n}`);
  tell = (text: string): void => void this.did.push(`tell ${text}`);
  peer = (present: boolean): void => void this.did.push(`peer ${present}`);
  leave = (): void => void this.did.push('leave');
}

/** The acts of a phase; fails where the call does not stand there. */
function actsOf<P extends Acts['phase']>(talk: Talk, phase: P): Extract<Acts, { phase: P }> {
  const { acts } = talk.view.get();
  if (acts.phase !== phase) throw new Error(`the call is ${acts.phase}, not ${phase}`);
  return acts as Extract<Acts, { phase: P }>;
}

async function setUp(over: Partial<TalkOptions> = {}) {
  const clock = new FakeClock();
  let now: Call = call;
  const server = new FakeServer(({ path, method }) => {
    if (path === '/tickets') return { status: 201, body: { ticket: 'later', expiresAt: at } };
    if (path.endsWith('/receipt')) return { body: receipt };
    if (path.endsWith('/end') && method === 'POST') return { body: { call: { ...now, state: 'ended', endReason: 'hangup' } } };
    return path.startsWith('/calls/') ? { body: { call: now } } : problemOf(404, 'not_found');
  });
  const media = new FakeMedia();
  const microphone = { kind: 'audio', enabled: true, stopped: false, stop: () => (microphone.stopped = true) };
  const talk = new Talk({
    api: server.api,
    clock,
    open: server.open,
    me: ada,
    call,
    ticket: 'first',
    devices: async () =>
      ({ getTracks: () => [microphone], getAudioTracks: () => [microphone], getVideoTracks: () => [] }) as unknown as MediaStream,
    mediaClientFor: async () => media,
    ...over,
  });
  await settle();
  server.sockets.at(-1)?.accept();
  return { clock, server, talk, media, microphone, is: (next: Partial<Call>) => (now = { ...call, ...next }) };
}

test('the ticket of the placing opens the first socket, and media waits for the answer', async () => {
  const { server, talk, media, microphone } = await setUp();
  expect(server.socket.path).toBe(`/api/v1/calls/${call.id}/socket`);
  expect(server.socket.protocols[1]).toBe('ticket.first');
  server.socket.tell(state('ringing'));
  expect(talk.view.get()).toMatchObject({ state: 'ringing', you: 'caller', role: 'payer', peerId: grace });
  expect([media.did, microphone.enabled]).toEqual([[], false]);
  server.socket.tell(state('connecting'));
  server.socket.tell({ type: 'media', ...grant });
  await settle();
  expect(media.did).toEqual(['publish', 'live false', 'join']);
});

test('media is live only while the call is active', async () => {
  const { server, media } = await setUp();
  server.socket.tell({ type: 'media', ...grant });
  await settle();
  for (const name of ['active', 'reconnecting', 'active']) server.socket.tell(state(name));
  expect(media.did.slice(-3)).toEqual(['live true', 'live false', 'live true']);
});

test('signals reach the media client in order, also those that came before it was loaded', async () => {
  const { server, media } = await setUp();
  server.socket.tell({ type: 'media', ...grant });
  server.socket.tell({ type: 'peer', party: 'callee', present: true });
  server.socket.tell({ type: 'signal', from: 'callee', data: { n: 1 } });
  server.socket.tell({ type: 'signal', from: 'caller', data: { n: 'own' } });
  server.socket.tell({ type: 'signal', from: 'callee', data: { n: 2 } });
  await settle();
  expect(media.did.slice(3)).toEqual(['peer true', 'signal 1', 'signal 2']);
});

test('a new socket is told again that media flows', async () => {
  const { clock, server, talk, media } = await setUp();
  server.socket.tell({ type: 'media', ...grant });
  await settle();
  media.handlers.connected?.();
  expect(server.socket.frames).toEqual([{ type: 'media.connected' }]);
  server.socket.drop();
  expect(talk.view.get().link).toBe('lost');
  await clock.advance(1_000);
  expect(server.socket.protocols[1]).toBe('ticket.later');
  server.socket.accept();
  expect(server.socket.frames).toEqual([{ type: 'media.connected' }]);
  expect(talk.view.get().link).toBe('open');
});

test('one ping at the moment of the next checkpoint', async () => {
  const { clock, server } = await setUp();
  await settle();
  const before = server.socket.pings;
  server.socket.tell(state('active', { nextAt: '2026-11-21T02:00:02.000Z' }));
  await clock.advance(1_999);
  expect(server.socket.pings).toBe(before);
  await clock.advance(1);
  expect(server.socket.pings).toBe(before + 1);
});

test('pings as often as the call says', async () => {
  const { clock, server } = await setUp();
  server.socket.tell(state('ringing', { heartbeatMs: 300 }));
  await clock.advance(0);
  const before = server.socket.pings;
  await clock.advance(3_000);
  expect(server.socket.pings).toBe(before + 10);
});

test('what can be done follows the call, and what can’t be done now is not there', async () => {
  const { server, talk } = await setUp();
  const can = (): string[] => Object.keys(talk.view.get().acts).filter((name) => name !== 'phase');
  expect(can()).toEqual(['hangUp']);
  server.socket.tell(state('connecting'));
  expect(can()).toEqual(['hangUp', 'setMuted', 'setCamera']);
  server.socket.tell(state('active'));
  expect(can()).toEqual(['hangUp', 'setMuted', 'setCamera', 'askMedia']);
  server.socket.tell(state('reconnecting'));
  expect(can()).toEqual(['hangUp', 'setMuted', 'setCamera']);
  server.socket.tell({ type: 'call.ended', reason: 'hangup', receipt });
  expect(can()).toEqual([]);

  // Never run: they are here for the type checker, which refuses this file should one of them become possible.
  const illegal = (acts: Acts): void => {
    // @ts-expect-error whoever has not looked where the call stands can do nothing
    void acts.hangUp();
    // @ts-expect-error nobody mutes what only rings
    if (acts.phase === 'ringing') acts.setMuted(true);
    // @ts-expect-error another medium is asked for in a call that is active
    if (acts.phase === 'joining') acts.askMedia('video');
    // @ts-expect-error what is over can't be hung up
    if (acts.phase === 'ended') void acts.hangUp();
  };
  expect(illegal).toBeTypeOf('function');
});

test('hanging up goes over the socket, or over HTTP where that is away', async () => {
  const { server, talk } = await setUp();
  await actsOf(talk, 'ringing').hangUp();
  expect(server.socket.frames).toEqual([{ type: 'end' }]);
  server.socket.drop();
  await actsOf(talk, 'ringing').hangUp();
  expect(server.asked.at(-1)).toMatchObject({ method: 'POST', path: `/calls/${call.id}/end` });
  expect(talk.view.get()).toMatchObject({ state: 'ended', ended: { reason: 'hangup', receipt: null } });
});

test('the end lets go of devices and, once the receipt is final, of the socket', async () => {
  const { server, talk, media, microphone } = await setUp();
  server.socket.tell({ type: 'media', ...grant });
  await settle();
  server.socket.tell({ type: 'call.ended', reason: 'balance_exhausted', receipt: { ...receipt, settled: false } });
  expect(media.did.at(-1)).toBe('leave');
  expect(microphone.stopped).toBe(true);
  expect(talk.view.get().link).toBe('open');
  server.socket.tell({ type: 'receipt.settled', receipt });
  expect(talk.view.get()).toMatchObject({
    link: 'closed',
    closed: 'left',
    ended: { reason: 'balance_exhausted', receipt: { settled: true } },
  });
});

test('a call that ended while this device was away is shown as ended', async () => {
  const { clock, server, talk, is } = await setUp();
  server.socket.tell(state('active'));
  is({ state: 'ended', endReason: 'lost', connectedMs: 9_000 });
  server.socket.drop();
  await clock.advance(1_000);
  expect(talk.view.get()).toMatchObject({ ended: { reason: 'lost' }, connectedMs: 9_000 });
});

test('another window took the call: this one falls silent and stays away', async () => {
  const { clock, server, talk, media } = await setUp();
  server.socket.tell({ type: 'media', ...grant });
  await settle();
  server.socket.drop(closeCodes.replaced);
  expect(talk.view.get()).toMatchObject({ link: 'closed', closed: 'replaced', ended: null });
  expect(media.did.at(-1)).toBe('leave');
  await clock.advance(60_000);
  expect(server.sockets).toHaveLength(1);
});

test('without a microphone nothing is joined; asked again and given, it is', async () => {
  let allowed = false;
  const stream = { getTracks: () => [], getAudioTracks: () => [], getVideoTracks: () => [] } as unknown as MediaStream;
  const { server, talk, media } = await setUp({ devices: () => (allowed ? Promise.resolve(stream) : Promise.reject('denied')) });
  server.socket.tell({ type: 'media', ...grant });
  await settle();
  expect([talk.view.get().trouble, media.did]).toEqual(['denied', []]);
  allowed = true;
  await talk.askDevices();
  await settle();
  expect(talk.view.get().trouble).toBeNull();
  expect(media.did).toContain('join');
});

test('after a reload what was paid before is read from the receipt', async () => {
  const line = { party: 'payer', n: 0, atSeconds: 0, unit: 'COIN', amount: 9, paidBy: 'coins', at };
  const server = new FakeServer(({ path }) => (path.endsWith('/receipt') ? { body: { ...receipt, checkpoints: [line] } } : undefined));
  const { talk } = await setUp({ api: server.api, open: server.open, call: { ...call, state: 'active', connectedMs: 21_000 } });
  server.socket.tell(state('active', { connectedMs: 21_500 }));
  await settle();
  expect(talk.view.get().connectedMs).toBe(21_500);
  expect(talk.view.get().lines).toMatchObject([{ n: 0, amount: 9 }]);
});

test('an agreed medium opens its devices, in the media that runs, and lets go of the old ones', async () => {
  const asked: string[] = [];
  const stopped: string[] = [];
  const devices = async (media: string) => {
    asked.push(media);
    const track = { kind: 'audio', enabled: true, stop: () => stopped.push(media) };
    return {
      getTracks: () => [track],
      getAudioTracks: () => [track],
      getVideoTracks: () => (media === 'video' ? [track] : []),
    } as unknown as MediaStream;
  };
  const { server, talk, media } = await setUp({ devices });
  server.socket.tell({ type: 'media', ...grant });
  server.socket.tell(state('active'));
  await settle();
  actsOf(talk, 'talking').askMedia('video');
  expect(server.socket.frames).toEqual([{ type: 'media.change', media: 'video' }]);
  server.socket.tell({ type: 'media.change', media: 'video', by: 'caller', agreed: false });
  await settle();
  expect([asked, talk.view.get().asked]).toEqual([['audio'], { media: 'video', by: 'caller' }]);
  server.socket.tell({ type: 'media.change', media: 'video', by: 'caller', agreed: true });
  await settle();
  expect([asked, stopped, talk.view.get().camera]).toEqual([['audio', 'video'], ['audio'], true]);
  expect(media.did.slice(-2)).toEqual(['media video', 'publish']);
});

test('captions come beside the media, and are live only while the other may hear', async () => {
  const { server, talk, media } = await setUp();
  server.socket.tell({ type: 'media', ...grant });
  await settle();
  await vi.dynamicImportSettled();
  await settle();
  const link = talk.captions.get();
  media.handlers.reach?.(true);
  await settle();
  expect(link?.state.get()).toMatchObject({ open: true, live: false });
  expect(media.did).toContain('tell {"type":"reads","langs":null}');
  server.socket.tell(state('active'));
  expect(link?.state.get().live).toBe(true);
  actsOf(talk, 'talking').setMuted(true);
  expect(link?.state.get().live).toBe(false);
  actsOf(talk, 'talking').setMuted(false);
  server.socket.tell(state('reconnecting'));
  expect(link?.state.get().live).toBe(false);
  server.socket.tell({ type: 'call.ended', reason: 'hangup', receipt });
  expect([talk.captions.get(), link?.state.get().open]).toEqual([null, false]);
});
