/** How a call comes to sound and picture, whoever provides it (calls.md, "Media"). Providers load only when used. */
import type { CallMedia, CallParty } from '../../../worker/protocol/call/call.ts';
import type { MediaGrant } from '../../../worker/protocol/call/media.ts';
import type { Clock } from '../clock.ts';

export interface MediaEvents {
  /** The other's sound or picture; the same stream grows as tracks come. */
  readonly remote: (stream: MediaStream) => void;
  /** Media flows both ways; told again whenever it comes back. */
  readonly connected: () => void;
  /** Media broke and is being mended. */
  readonly interrupted: () => void;
  /** A way for short texts straight to the other device opened or closed; a provider without one never tells. */
  readonly reach: (open: boolean) => void;
  /** What the other device said on that way. */
  readonly told: (text: string) => void;
  /** It could not be set up, or did not come back. */
  readonly failed: (reason: string) => void;
}

export interface MediaClient {
  /** Connects with what the server granted. */
  join(grant: MediaGrant): Promise<void>;
  /** The call goes on by this medium. */
  setMedia(media: CallMedia): void;
  /** Sends these tracks and no others. Before `setLive(true)` they are silent and dark. */
  publish(stream: MediaStream): void;
  /** No free talk: nothing is sent unless the call is active. */
  setLive(live: boolean): void;
  setMuted(muted: boolean): void;
  setCamera(on: boolean): void;
  /** A message of the other party's media client. */
  signal(data: Record<string, unknown>): void;
  /** A short text straight to the other device; lost where no way is open. */
  tell(text: string): void;
  /** The other party's socket came or went. */
  peer(present: boolean): void;
  leave(): void;
  on<E extends keyof MediaEvents>(event: E, handler: MediaEvents[E]): void;
}

export interface MediaContext {
  readonly you: CallParty;
  readonly media: CallMedia;
  readonly clock: Clock;
  /** Passes a message to the other party's media client. */
  readonly signal: (data: Record<string, unknown>) => void;
}
