/** The port to whatever carries sound and picture (calls.md, "Media"). */
import type { Env } from '../../env.ts';
import type { MediaGrant } from '../../protocol/call/media.ts';
import type { CallId } from '../../protocol/ids.ts';

/** What a provider needs to know of a call. */
export interface MediaOrder {
  readonly callId: CallId;
  /** Credentials live at least this long. */
  readonly maxSeconds: number;
  /** ms since the epoch. */
  readonly now: number;
}

export interface MediaProvider {
  readonly name: MediaGrant['provider'];
  /** Whether it is set up here; null, or what is missing. */
  missing(env: Env): string | null;
  /** Credentials to connect with; made anew whenever asked. */
  issue(env: Env, order: MediaOrder): Promise<MediaGrant>;
}
