/** A device's socket, and what it remembers while the object sleeps. */
import * as z from 'zod/mini';
import { sessionId, userId } from '../../worker/protocol/ids.ts';
import { attachmentOf } from '../kit/attachment.ts';

/** Sockets one person may have open in a conversation; the oldest makes room for the next. */
export const MAX_SOCKETS = 20;
/** A socket that has pinged and then not for this long is dead, ms. */
export const SILENT_MS = 90_000;

/** Characters on their way to a device that has said nothing of them: more, for as long as `PATIENCE_MS`, is too many. */
export const MANY_CHARACTERS = 1024 * 1024;
export const PATIENCE_MS = 30_000;
/** So many are too many at once. */
export const TOO_MANY_CHARACTERS = 16 * 1024 * 1024;

const schema = z.object({
  userId,
  sessionId,
  /** ms since the epoch. */
  openedAt: z.number(),
  /** Has been welcomed, and is sent every event from there on. */
  greeted: z.boolean(),
});
export type Device = z.infer<typeof schema>;
export const deviceOf = attachmentOf(schema);

/** What has been sent to a device and not been confirmed by it (`delivered`, `read`). */
export class Unconfirmed {
  /** Pieces of the way, oldest first: up to which seq, how much, since when (ms). */
  readonly #pieces: { upTo: number; characters: number; readonly at: number }[] = [];
  #characters = 0;

  sent(upTo: number, characters: number, now: number): void {
    this.#characters += characters;
    const last = this.#pieces.at(-1);
    // Small ones are put together: a device that confirms nothing must not cost memory by the frame.
    if (last && last.characters < MANY_CHARACTERS / 16) {
      last.upTo = upTo;
      last.characters += characters;
    } else this.#pieces.push({ upTo, characters, at: now });
  }

  confirmed(seq: number): void {
    while (this.#pieces[0] && this.#pieces[0].upTo <= seq) this.#characters -= this.#pieces.shift()?.characters ?? 0;
  }

  isTooMuch(now: number): boolean {
    const since = this.#pieces[0]?.at ?? now;
    return this.#characters > TOO_MANY_CHARACTERS || (this.#characters > MANY_CHARACTERS && now - since > PATIENCE_MS);
  }
}
