/** What goes into a push, the same for every provider. */
import type { CallId } from '../../protocol/ids.ts';
import type { PushPayload } from '../../protocol/push.ts';
import { toTimestamp } from '../../protocol/time.ts';
import type { PushOrder } from './push.ts';

/** A locked screen shows no more, and with the rest it fits into 4096 bytes whatever is written (at most 3 bytes a unit). */
const MOST_TITLE = 120;
const MOST_BODY = 480;

/** UTF-16 code units; cut between characters as people see them, with an ellipsis. */
function shortened(text: string, most: number): string {
  // A control character would take six bytes, and shows nothing.
  const clean = text.replace(/[^\P{Cc}\n]/gu, ' ').trim();
  if (clean.length <= most) return clean;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(clean)) {
    if (kept.length + segment.length > most - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/** Words that fit on a locked screen and into every provider's limit. */
export const fitting = (words: PushOrder['words']): PushOrder['words'] =>
  words && { title: shortened(words.title, MOST_TITLE), body: shortened(words.body, MOST_BODY) };

/** Seconds that it may wait for the device: at least one, at most four weeks, which is the most that providers keep. */
export const secondsLeft = (order: Pick<PushOrder, 'expiresAt'>, now: number): number =>
  Math.min(Math.max(1, Math.floor((order.expiresAt - now) / 1000)), 28 * 24 * 60 * 60);

/** What a service worker or an app is given. */
export const payloadOf = (order: PushOrder): PushPayload => ({
  id: order.id,
  kind: order.kind,
  ...(order.words ?? {}),
  link: order.link,
  tag: order.collapseKey,
  ...(order.callId === null ? {} : { callId: order.callId as CallId }),
  expiresAt: toTimestamp(order.expiresAt),
});
