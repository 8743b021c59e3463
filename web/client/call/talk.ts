/**
 * One call as this device lives it: its socket, its media and what the screen shows, from the first ring to the
 * receipt. The server decides everything; this only carries out and tells.
 */
import * as z from 'zod/mini';
import type { Call, CallMedia } from '../../../worker/protocol/call/call.ts';
import { callDown } from '../../../worker/protocol/call/down.ts';
import type { MediaGrant } from '../../../worker/protocol/call/media.ts';
import type { CallUp } from '../../../worker/protocol/call/up.ts';
import { issueTicket } from '../../../worker/protocol/http/auth.ts';
import { endCall, readCall, readReceipt } from '../../../worker/protocol/http/calls.ts';
import type { UserId } from '../../../worker/protocol/ids.ts';
import type { Api } from '../api.ts';
import { API_BASE } from '../api.ts';
import type { Clock } from '../clock.ts';
import { parseJson } from '../hub.ts';
import type { MediaClient, MediaContext } from '../media/media.ts';
import { type ClosedReason, type RawSocket, Socket } from '../socket.ts';
import { Store } from '../store.ts';
import { type Acts, actsIn } from './acts.ts';
import type { CaptionLink } from './caption-link.ts';
import { applyFrame, applyReceipt, type CallView, newView } from './view.ts';

export type DeviceTrouble = 'denied' | 'missing';

export interface TalkView extends CallView {
  readonly callId: Call['id'];
  readonly peerId: UserId;
  /** How this device is linked to the server. */
  readonly link: 'connecting' | 'open' | 'suspect' | 'lost' | 'closed';
  readonly closed: ClosedReason | null;
  readonly mediaState: 'none' | 'connecting' | 'connected' | 'interrupted' | 'failed';
  readonly local: MediaStream | null;
  readonly remote: MediaStream | null;
  readonly muted: boolean;
  readonly camera: boolean;
  readonly trouble: DeviceTrouble | null;
  /** What can be done now. */
  readonly acts: Acts;
}

export interface TalkOptions {
  readonly api: Api;
  readonly clock: Clock;
  readonly open: (path: string, protocols: string[]) => RawSocket;
  readonly me: UserId;
  readonly call: Call;
  /** A ticket that came with placing or accepting; spent at the first connect. */
  readonly ticket?: string;
  readonly grant?: MediaGrant;
  /** Microphone, and camera where the call has a picture. Rejects with a `DeviceTrouble`. */
  readonly devices: (media: CallMedia) => Promise<MediaStream>;
  readonly mediaClientFor: (grant: MediaGrant, context: MediaContext) => Promise<MediaClient>;
}

/** Until the call's first frame says how often. */
const HEARTBEAT_MS = 5_000;

export class Talk {
  readonly view: Store<TalkView>;
  /** Captions, once media was joined. */
  readonly captions = new Store<CaptionLink | null>(null);
  readonly #options: TalkOptions;
  readonly #socket: Socket;
  #media: Promise<MediaClient> | null = null;
  #client: MediaClient | null = null;
  #unspent: string | null;
  #left = false;
  readonly #all = {
    hangUp: () => this.#hangUp(),
    setMuted: (muted: boolean) => this.#setMuted(muted),
    setCamera: (camera: boolean) => this.#setCamera(camera),
    askMedia: (media: CallMedia): void => void this.#send({ type: 'media.change', media }),
  };

  constructor(options: TalkOptions) {
    this.#options = options;
    this.#unspent = options.ticket ?? null;
    const { call, me, clock } = options;
    this.view = new Store<TalkView>({
      ...newView(call.media, call.state, clock.now()),
      you: call.callerId === me ? 'caller' : 'callee',
      connectedMs: call.connectedMs,
      grant: options.grant ?? null,
      callId: call.id,
      peerId: call.callerId === me ? call.calleeId : call.callerId,
      link: 'connecting',
      closed: null,
      mediaState: 'none',
      local: null,
      remote: null,
      muted: false,
      camera: call.media === 'video',
      trouble: null,
      acts: actsIn(call.state, this.#all),
    });
    this.#socket = new Socket({
      clock,
      open: options.open,
      heartbeatMs: HEARTBEAT_MS,
      address: () => this.#address(),
      onOpen: () => this.#opened(),
      onText: (text) => this.#take(text),
    });
    this.#socket.phase.watch(() => this.#linked());
    void this.askDevices();
    if (call.state === 'active' || call.state === 'reconnecting') void this.#readLines();
  }

  /** Asks for microphone and camera; again after a refusal, from a tap. */
  async askDevices(): Promise<void> {
    try {
      const local = await this.#options.devices(this.view.get().media);
      if (this.#left) {
        for (const track of local.getTracks()) track.stop();
        return;
      }
      for (const track of local.getTracks()) track.enabled = false;
      this.#change({ local, trouble: null, camera: local.getVideoTracks().length > 0 });
      this.#join();
    } catch (trouble) {
      this.#change({ trouble: trouble === 'denied' ? 'denied' : 'missing' });
    }
  }

  #setMuted(muted: boolean): void {
    this.#client?.setMuted(muted);
    this.#change({ muted });
    this.#speak();
  }

  #setCamera(camera: boolean): void {
    this.#client?.setCamera(camera);
    this.#change({ camera });
  }

  async #hangUp(): Promise<void> {
    if (this.#send({ type: 'end' })) return;
    const { call } = await this.#options.api.call(endCall, { params: { id: this.view.get().callId } });
    if (call.state === 'ended') this.#endedAs(call);
  }

  /** The network is back or the page is looked at again: don't wait out the backoff. */
  hurry(): void {
    this.#socket.hurry();
  }

  /** Another device's or the hub's word that the call is over. */
  updated(call: Call): void {
    if (call.id === this.view.get().callId && call.state === 'ended' && !this.view.get().ended) this.#endedAs(call);
  }

  /** Lets go of socket and media. The call itself goes on until the server ends it. */
  leave(): void {
    this.#left = true;
    this.#stopMedia();
    this.#socket.close();
  }

  async #address(): Promise<{ path: string; ticket: string }> {
    const { callId } = this.view.get();
    const path = `${API_BASE}/calls/${callId}/socket`;
    const ticket = this.#unspent;
    this.#unspent = null;
    if (ticket) return { path, ticket };
    const { call } = await this.#options.api.call(readCall, { params: { id: callId } });
    if (call.state === 'ended') this.#endedAs(call);
    return { path, ticket: (await this.#options.api.call(issueTicket, { body: { scope: `call:${callId}` } })).ticket };
  }

  #opened(): void {
    // A new socket knows nothing of media that went on without it.
    if (this.view.get().mediaState === 'connected') this.#send({ type: 'media.connected' });
  }

  #take(text: string): void {
    const parsed = z.safeParse(callDown, parseJson(text));
    if (!parsed.success) return;
    const frame = parsed.data;
    const before = this.view.get();
    this.#change(applyFrame(before, frame, this.#options.clock.now()));
    if (this.view.get().media !== before.media) void this.#mediumChanged();
    switch (frame.type) {
      case 'signal':
        if (frame.from !== before.you) this.#whenJoined((client) => client.signal(frame.data));
        return;
      case 'peer':
        if (frame.party !== before.you) this.#whenJoined((client) => client.peer(frame.present));
        return;
      case 'media':
        this.#join();
        return;
      case 'call.state':
        if (frame.heartbeatMs !== undefined) this.#socket.beatEvery(frame.heartbeatMs);
        this.#client?.setLive(frame.state === 'active');
        this.#speak();
        this.#socket.pingAt(this.view.get().nextAt);
        if (frame.state === 'active' && before.role === null && before.state !== 'active') void this.#readLines();
        return;
      case 'billing.checkpoint':
        this.#socket.pingAt(this.view.get().nextAt);
        return;
      case 'call.ended':
        this.#stopMedia();
        if (frame.receipt.settled) this.#socket.close();
        return;
      case 'receipt.settled':
        this.#socket.close();
        return;
    }
  }

  #join(): void {
    const { grant, local, you } = this.view.get();
    if (!grant || !local || !you || this.#media || this.#left) return;
    this.#change({ mediaState: 'connecting' });
    this.#media = this.#options
      .mediaClientFor(grant, {
        you,
        media: this.view.get().media,
        clock: this.#options.clock,
        signal: (data) => this.#send({ type: 'signal', data }),
      })
      .then(async (client) => {
        const captions = this.#makeCaptions(client);
        client.on('reach', (open) => void captions.then((link) => link?.opened(open)));
        client.on('told', (text) => void captions.then((link) => link?.told(text)));
        client.on('remote', (remote) => this.#change({ remote }));
        client.on('connected', () => {
          this.#change({ mediaState: 'connected' });
          this.#send({ type: 'media.connected' });
        });
        client.on('interrupted', () => this.#change({ mediaState: 'interrupted' }));
        client.on('failed', (reason) => {
          this.#change({ mediaState: 'failed' });
          this.#send({ type: 'media.failed', provider: grant.provider, reason });
        });
        client.publish(local);
        client.setMuted(this.view.get().muted);
        client.setCamera(this.view.get().camera);
        client.setLive(this.view.get().state === 'active');
        if (this.#left || this.view.get().ended) {
          client.leave();
          return client;
        }
        this.#client = client;
        await client.join(grant);
        return client;
      });
    this.#media.catch(() => {
      this.#change({ mediaState: 'failed' });
      this.#send({ type: 'media.failed', provider: grant.provider, reason: 'the media client could not be loaded' });
    });
  }

  /** Fetched beside the media, which never waits for it; null where that fails. */
  async #makeCaptions(client: MediaClient): Promise<CaptionLink | null> {
    try {
      const { CaptionLink } = await import('./caption-link.ts');
      const link = new CaptionLink({ clock: this.#options.clock, send: (text) => client.tell(text) });
      if (this.#left || this.view.get().ended) return null;
      this.captions.set(link);
      this.#speak();
      return link;
    } catch {
      return null;
    }
  }

  /** Only what the other may hear is ever written. */
  #speak(): void {
    const { state, muted, local } = this.view.get();
    this.captions.get()?.speaking(state === 'active' && !muted ? (local?.getAudioTracks()[0] ?? null) : null);
  }

  /** The other medium was agreed: the devices it needs, in the connection that is there. A camera that is refused leaves the sound. */
  async #mediumChanged(): Promise<void> {
    const { media, local: before } = this.view.get();
    this.#whenJoined((client) => client.setMedia(media));
    if (!before) return;
    try {
      const local = await this.#options.devices(media);
      if (this.#left || this.view.get().ended || this.view.get().media !== media) {
        for (const track of local.getTracks()) track.stop();
        return;
      }
      for (const track of local.getTracks()) track.enabled = false;
      const camera = local.getVideoTracks().length > 0;
      this.#change({ local, camera });
      this.#whenJoined((client) => {
        client.publish(local);
        client.setCamera(camera);
      });
      this.#speak();
      for (const track of before.getTracks()) track.stop();
    } catch {
      // What was open goes on: they hear each other as before.
    }
  }

  /** Messages for the media client wait for it in order; before a grant there is nobody to take them. */
  #whenJoined(work: (client: MediaClient) => void): void {
    void this.#media?.then(work).catch(() => undefined);
  }

  #linked(): void {
    const phase = this.#socket.phase.get();
    if (phase.phase === 'waiting' && this.view.get().ended) {
      this.#socket.close();
      return;
    }
    if (phase.phase === 'closed') {
      this.#change({ link: 'closed', closed: phase.reason });
      if (phase.reason !== 'left') this.#stopMedia();
      return;
    }
    this.#change({
      link: phase.phase === 'open' ? (phase.suspect ? 'suspect' : 'open') : phase.phase === 'waiting' ? 'lost' : this.#relinking(),
    });
  }

  /** A reconnect stays "lost" for the screen until it is open again. */
  #relinking(): TalkView['link'] {
    return this.view.get().link === 'connecting' ? 'connecting' : 'lost';
  }

  /** The end was learned over HTTP or the hub, without the receipt. */
  #endedAs(call: Call): void {
    if (!this.view.get().ended)
      this.#change({
        state: 'ended',
        ended: { reason: call.endReason ?? 'hangup', receipt: null },
        connectedMs: call.connectedMs,
        low: false,
      });
    this.#stopMedia();
    this.#socket.close();
  }

  async #readLines(): Promise<void> {
    try {
      const receipt = await this.#options.api.call(readReceipt, { params: { id: this.view.get().callId } });
      const view = this.view.get();
      if (view.role) this.#change(applyReceipt(view, receipt, view.role));
      else this.#lines = receipt;
    } catch {
      // The next checkpoint tells the balance; the full list stands in the receipt at the end.
    }
  }

  set #lines(receipt: Parameters<typeof applyReceipt>[1]) {
    const stop = this.view.watch(() => {
      const view = this.view.get();
      if (!view.role) return;
      stop();
      this.#change(applyReceipt(view, receipt, view.role));
    });
  }

  #stopMedia(): void {
    this.captions.get()?.leave();
    this.captions.set(null);
    this.#client?.leave();
    this.#client = null;
    for (const track of this.view.get().local?.getTracks() ?? []) track.stop();
    this.#change({ remote: null });
  }

  #change(change: Partial<Omit<TalkView, 'acts'>>): void {
    const before = this.view.get();
    const state = change.state ?? before.state;
    this.view.set({ ...before, ...change, acts: state === before.state ? before.acts : actsIn(state, this.#all) });
  }

  #send(frame: CallUp): boolean {
    return this.#socket.send(JSON.stringify(frame));
  }
}
