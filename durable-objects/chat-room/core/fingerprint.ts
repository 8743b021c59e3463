/** Whether two tellings of one name mean the same message. */
import type { SentMessage } from '../../../worker/protocol/chat/message.ts';

/**
 * 64 bits over what was said, in hex: two FNV-1a of 32 bits with different beginnings. It is compared only with what the
 * same person said under the same name, so it need not withstand anybody.
 */
export function fingerprintOf({ kind, body, replyTo }: Pick<SentMessage, 'kind' | 'body' | 'replyTo'>): string {
  const text = JSON.stringify([kind, body, replyTo ?? null]);
  let one = 0x811c9dc5;
  let two = 0x01000193;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 0x01000193);
    two = Math.imul(two ^ (unit + at), 0x85ebca6b);
  }
  return hex(one) + hex(two);
}

const hex = (bits: number): string => (bits >>> 0).toString(16).padStart(8, '0');
