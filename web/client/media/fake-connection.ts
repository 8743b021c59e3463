/** The part of WebRTC that `direct.ts` relies on, without a network: a connection is up once both descriptions are set. */
export class FakeConnection {
  connectionState: RTCPeerConnectionState = 'new';
  signalingState: RTCSignalingState = 'stable';
  remoteDescription: RTCSessionDescriptionInit | null = null;
  closed = false;
  readonly offers: { iceRestart: boolean }[] = [];
  readonly candidates: unknown[] = [];
  readonly slots: {
    direction: string;
    sender: { track: unknown; replaceTrack: (track: unknown) => Promise<void> };
    receiver: { track: { kind: string } };
  }[] = [];
  ontrack: unknown = null;
  onicecandidate: ((event: { candidate: { toJSON: () => object } | null }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  channel: FakeChannel | null = null;
  /** What the browser was told to use. */
  readonly configuration: RTCConfiguration;

  constructor(configuration: RTCConfiguration) {
    this.configuration = configuration;
  }

  addTransceiver(track: string | { kind: string }, { direction }: { direction: string }): void {
    const kind = typeof track === 'string' ? track : track.kind;
    const sender = {
      track: typeof track === 'string' ? null : (track as unknown),
      replaceTrack: async (next: unknown) => {
        sender.track = next;
      },
    };
    this.slots.push({ direction, sender, receiver: { track: { kind } } });
  }
  createDataChannel(_: string, { id }: { id: number }): FakeChannel {
    this.channel = new FakeChannel(id);
    return this.channel;
  }
  getTransceivers = () => this.slots;
  async createOffer({ iceRestart }: { iceRestart: boolean }) {
    this.offers.push({ iceRestart });
    return { type: 'offer', sdp: `offer ${this.offers.length} ${this.slots.map(({ receiver }) => receiver.track.kind).join(' ')}` };
  }
  async createAnswer() {
    return { type: 'answer', sdp: 'answer' };
  }
  async setLocalDescription({ type }: { type: string }) {
    this.signalingState = type === 'offer' ? 'have-local-offer' : 'stable';
    if (type === 'answer') this.change('connected');
  }
  async setRemoteDescription(description: { type: 'offer' | 'answer'; sdp: string }) {
    this.remoteDescription = description;
    if (description.type === 'offer') {
      for (const kind of description.sdp.split(' ').slice(2))
        if (!this.slots.some(({ receiver }) => receiver.track.kind === kind)) this.addTransceiver(kind, { direction: 'recvonly' });
      return;
    }
    this.signalingState = 'stable';
    this.change('connected');
  }
  async addIceCandidate(candidate: unknown) {
    if (!this.remoteDescription) throw new Error('no description yet');
    this.candidates.push(candidate);
  }
  change(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    if (state === 'connected') this.channel?.open();
    this.onconnectionstatechange?.();
  }
  close(): void {
    this.closed = true;
    this.connectionState = 'closed';
  }
}

/** One end of a channel; what it sends is kept for the test to carry over. */
export class FakeChannel {
  readonly id: number;
  readyState = 'connecting';
  readonly sent: string[] = [];
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;

  constructor(id: number) {
    this.id = id;
  }

  open(): void {
    if (this.readyState === 'open') return;
    this.readyState = 'open';
    this.onopen?.();
  }
  send(text: string): void {
    this.sent.push(text);
  }
}
