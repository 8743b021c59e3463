/**
 * Peer to peer WebRTC, signalled over the call's socket.
 *
 * The callee says `ready` with a fresh name of its end; the caller answers that end with an offer. A page that was
 * reloaded is a new end with a new name, so that nobody mixes an old connection's messages into a new one: every signal
 * names the callee's end it belongs to and is dropped anywhere else. Either side's coming makes both begin again:
 *
 *   caller: hello ──────────► callee: (new end)
 *   caller: (new connection) ◄────────── ready {end}
 *   caller: offer {end, sdp} ─► callee ── answer {end, sdp} ─►   candidate {end, …} both ways
 *   callee: restart {end} ──► caller: offer with an ICE restart
 *
 * Beside sound and picture each connection carries one data channel for short texts (captions), agreed beforehand.
 */
import type { CallMedia } from '../../../worker/protocol/call/call.ts';
import type { MediaGrant } from '../../../worker/protocol/call/media.ts';
import type { MediaClient, MediaContext, MediaEvents } from './media.ts';

export interface DirectContext extends MediaContext {
  /** The browser's own unless a test brings another. */
  readonly connect?: (configuration: RTCConfiguration) => RTCPeerConnection;
  readonly newEnd?: () => string;
}

/** Disconnected for so long without mending itself: restart ICE. */
const MEND_MS = 2_500;
/** Restarts before it is called failed. */
const RESTARTS = 4;
const RESTART_EVERY_MS = 5_000;
/** The number both ends know the channel by. */
const CHANNEL = 0;

export class DirectMedia implements MediaClient {
  readonly #context: DirectContext;
  readonly #handlers: { [E in keyof MediaEvents]?: MediaEvents[E] } = {};
  #media: CallMedia;
  #grant: MediaGrant | null = null;
  #local: MediaStream | null = null;
  #connection: RTCPeerConnection | null = null;
  #channel: RTCDataChannel | null = null;
  /** The callee's end that this connection belongs to. */
  #end: string | null = null;
  #pendingCandidates: RTCIceCandidateInit[] = [];
  #restarts = 0;
  #stopMending: (() => void) | null = null;
  #live = false;
  #muted = false;
  #camera = true;
  #left = false;
  #peerPresent = true;
  /** Signals are taken one after the other: a candidate must not overtake its description. */
  #queue: Promise<void> = Promise.resolve();

  constructor(context: DirectContext) {
    this.#context = context;
    this.#media = context.media;
  }

  on<E extends keyof MediaEvents>(event: E, handler: MediaEvents[E]): void {
    this.#handlers[event] = handler;
  }

  async join(grant: MediaGrant): Promise<void> {
    this.#grant = grant;
    this.#begin();
  }

  publish(stream: MediaStream): void {
    this.#local = stream;
    this.#applyTracks();
    const connection = this.#connection;
    if (!connection) return;
    for (const slot of connection.getTransceivers()) {
      const track = stream.getTracks().find(({ kind }) => kind === slot.receiver.track.kind) ?? null;
      if (slot.sender.track !== track) void slot.sender.replaceTrack(track);
    }
  }

  /** A picture needs a slot of its own, once; the caller opens it and offers again. It stays, empty, when the picture goes. */
  setMedia(media: CallMedia): void {
    this.#media = media;
    const connection = this.#connection;
    if (media !== 'video' || this.#context.you !== 'caller' || !connection) return;
    if (connection.getTransceivers().some(({ receiver }) => receiver.track.kind === 'video')) return;
    connection.addTransceiver('video', { direction: 'sendrecv' });
    this.#queue = this.#queue.then(() => this.#offer(false)).catch(() => this.#interrupt());
  }

  setLive(live: boolean): void {
    this.#live = live;
    this.#applyTracks();
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#applyTracks();
  }

  setCamera(on: boolean): void {
    this.#camera = on;
    this.#applyTracks();
  }

  peer(present: boolean): void {
    this.#peerPresent = present;
    // A coming may be a new page. A going is told by the connection itself.
    if (present && this.#grant) this.#begin();
  }

  signal(data: Record<string, unknown>): void {
    this.#queue = this.#queue.then(() => this.#take(data)).catch(() => this.#interrupt());
  }

  tell(text: string): void {
    if (this.#channel?.readyState === 'open') this.#channel.send(text);
  }

  leave(): void {
    this.#left = true;
    this.#close();
    for (const track of this.#local?.getTracks() ?? []) track.stop();
  }

  /** A healthy connection is kept: the other's socket may have blinked while its media went on. */
  #begin(): void {
    if (this.#left || this.#connection?.connectionState === 'connected') return;
    if (this.#context.you === 'caller') this.#context.signal({ kind: 'hello' });
    else this.#offerNewEnd();
  }

  #offerNewEnd(): void {
    this.#end = this.#context.newEnd?.() ?? crypto.randomUUID();
    this.#open();
    this.#context.signal({ kind: 'ready', end: this.#end });
  }

  async #take(data: Record<string, unknown>): Promise<void> {
    if (this.#left || !this.#grant) return;
    if (data.kind === 'hello' && this.#context.you === 'callee') return this.#offerNewEnd();
    if (data.kind === 'ready' && this.#context.you === 'caller' && typeof data.end === 'string') {
      if (data.end === this.#end) return;
      this.#end = data.end;
      this.#open();
      return this.#offer(false);
    }
    const connection = this.#connection;
    if (!connection || data.end !== this.#end) return;
    switch (data.kind) {
      case 'offer': {
        await connection.setRemoteDescription({ type: 'offer', sdp: String(data.sdp) });
        this.#fillSlots(connection);
        await this.#takePending(connection);
        const answer = await connection.createAnswer();
        await connection.setLocalDescription(answer);
        this.#context.signal({ kind: 'answer', end: this.#end, sdp: answer.sdp });
        return;
      }
      case 'answer':
        if (connection.signalingState !== 'have-local-offer') return;
        await connection.setRemoteDescription({ type: 'answer', sdp: String(data.sdp) });
        return this.#takePending(connection);
      case 'candidate':
        if (!connection.remoteDescription) this.#pendingCandidates.push(data.candidate as RTCIceCandidateInit);
        else await connection.addIceCandidate(data.candidate as RTCIceCandidateInit);
        return;
      case 'restart':
        if (this.#context.you === 'caller') return this.#offer(true);
        return;
    }
  }

  async #takePending(connection: RTCPeerConnection): Promise<void> {
    const pending = this.#pendingCandidates;
    this.#pendingCandidates = [];
    for (const candidate of pending) await connection.addIceCandidate(candidate);
  }

  /** A new connection for the present end; whatever was there before is gone. */
  #open(): void {
    this.#close();
    const grant = this.#grant;
    if (!grant) return;
    const configuration: RTCConfiguration = {
      iceServers: grant.credentials.iceServers.map(({ urls, username, credential }) => ({
        urls,
        ...(username === undefined ? {} : { username }),
        ...(credential === undefined ? {} : { credential }),
      })),
      iceTransportPolicy: grant.credentials.iceTransportPolicy,
    };
    const connection = this.#context.connect?.(configuration) ?? new RTCPeerConnection(configuration);
    this.#connection = connection;
    const end = this.#end;
    // One stream for all tracks, whichever comes first, so that an element plays them together.
    const remote = new MediaStream();
    connection.ontrack = ({ track }) => {
      remote.addTrack(track);
      this.#handlers.remote?.(remote);
    };
    connection.onicecandidate = ({ candidate }) => {
      if (candidate && connection === this.#connection) this.#context.signal({ kind: 'candidate', end, candidate: candidate.toJSON() });
    };
    connection.onconnectionstatechange = () => {
      if (connection === this.#connection) this.#changed(connection.connectionState);
    };
    this.#openChannel(connection);
    if (this.#context.you === 'caller') {
      // Both kinds are negotiated from the start where there is a picture, whether or not this device has a camera.
      for (const kind of this.#media === 'video' ? (['audio', 'video'] as const) : (['audio'] as const)) {
        const track = this.#local?.getTracks().find((mine) => mine.kind === kind);
        connection.addTransceiver(track ?? kind, { direction: 'sendrecv' });
      }
    }
  }

  #openChannel(connection: RTCPeerConnection): void {
    const channel = connection.createDataChannel('captions', { negotiated: true, id: CHANNEL });
    this.#channel = channel;
    channel.onopen = () => this.#handlers.reach?.(true);
    channel.onclose = () => this.#handlers.reach?.(false);
    channel.onmessage = ({ data }) => {
      if (typeof data === 'string') this.#handlers.told?.(data);
    };
  }

  /** The callee's tracks go into the slots the offer opened. */
  #fillSlots(connection: RTCPeerConnection): void {
    for (const slot of connection.getTransceivers()) {
      slot.direction = 'sendrecv';
      const track = this.#local?.getTracks().find((mine) => mine.kind === slot.receiver.track.kind);
      if (track && slot.sender.track !== track) void slot.sender.replaceTrack(track);
    }
  }

  async #offer(iceRestart: boolean): Promise<void> {
    const connection = this.#connection;
    if (!connection) return;
    const offer = await connection.createOffer({ iceRestart });
    await connection.setLocalDescription(offer);
    this.#context.signal({ kind: 'offer', end: this.#end, sdp: offer.sdp });
  }

  #changed(state: RTCPeerConnectionState): void {
    if (state === 'connected') {
      this.#stopMending?.();
      this.#stopMending = null;
      this.#restarts = 0;
      this.#handlers.connected?.();
    } else if (state === 'disconnected') {
      this.#handlers.interrupted?.();
      this.#mendIn(MEND_MS);
    } else if (state === 'failed') {
      this.#handlers.interrupted?.();
      this.#mendIn(0);
    }
  }

  #interrupt(): void {
    if (this.#left) return;
    this.#handlers.interrupted?.();
    this.#mendIn(MEND_MS);
  }

  #mendIn(ms: number): void {
    this.#stopMending?.();
    this.#stopMending = this.#context.clock.after(ms, () => {
      if (this.#left || this.#connection?.connectionState === 'connected') return;
      // Nobody answers while the other is away; the server knows how long that may last.
      if (!this.#peerPresent) return this.#mendIn(RESTART_EVERY_MS);
      if (this.#restarts >= RESTARTS) {
        this.#handlers.failed?.('the connection between the two devices broke and did not come back');
        return;
      }
      this.#restarts += 1;
      if (this.#context.you === 'caller') this.signal({ kind: 'restart', end: this.#end });
      else this.#context.signal({ kind: 'restart', end: this.#end });
      this.#mendIn(RESTART_EVERY_MS);
    });
  }

  #applyTracks(): void {
    for (const track of this.#local?.getTracks() ?? [])
      track.enabled = this.#live && (track.kind === 'audio' ? !this.#muted : this.#camera);
  }

  #close(): void {
    this.#stopMending?.();
    this.#stopMending = null;
    this.#pendingCandidates = [];
    const connection = this.#connection;
    this.#connection = null;
    if (!connection) return;
    connection.ontrack = null;
    connection.onicecandidate = null;
    connection.onconnectionstatechange = null;
    const channel = this.#channel;
    this.#channel = null;
    if (channel) {
      if (channel.readyState === 'open') this.#handlers.reach?.(false);
      channel.onopen = null;
      channel.onclose = null;
      channel.onmessage = null;
    }
    connection.close();
  }
}
