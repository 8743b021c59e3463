/** What of the things people say becomes a case, and what of a message stands in it. */
import type { Message } from '../../protocol/chat/message.ts';
import type { Evidence } from '../../protocol/http/cases.ts';
import type { LoggedEvent } from '../event_log/service.ts';

/** A rating of so many stars or fewer is looked at. */
export const LOW_STARS = 2;

/** Events that may become cases. */
export const CASE_EVENTS = ['call.rated', 'call.wrapped_up', 'payment.mismatch'] as const;

/** In place of a person, where the house itself found something. */
export const SYSTEM = 'system';

export interface Raised {
  readonly source: 'rating' | 'wrap_up' | 'reconciliation';
  readonly subject: string;
  readonly raisedBy: string;
  readonly reason: string;
}

/** The case that an event makes, or null where nobody has to look. */
export function caseOf({ type, subject, actor, payload }: LoggedEvent): Raised | null {
  if (type === 'payment.mismatch') {
    const kinds = Array.isArray(payload.kinds) ? payload.kinds.filter((kind) => typeof kind === 'string') : [];
    return { source: 'reconciliation', subject, raisedBy: SYSTEM, reason: [`${Number(payload.count)}`, ...kinds].join(', ') };
  }
  if (actor === null) return null;
  if (type === 'call.rated' && typeof payload.stars === 'number' && payload.stars <= LOW_STARS) {
    const reasons = Array.isArray(payload.reasons) ? payload.reasons.filter((reason) => typeof reason === 'string') : [];
    return { source: 'rating', subject, raisedBy: actor, reason: [`${payload.stars} of 5`, ...reasons].join(', ') };
  }
  if (type === 'call.wrapped_up' && typeof payload.flag === 'string')
    return { source: 'wrap_up', subject, raisedBy: actor, reason: payload.flag };
  return null;
}

/** What of a reported message is kept with its case, as it stood then: who wrote it can delete it afterwards. */
export function evidenceOf({ id, sender, kind, at, media, body }: Message): Evidence {
  const [said] = ['text', 'caption', 'name', 'alt']
    .map((part) => body && Reflect.get(body, part))
    .filter((words) => typeof words === 'string');
  return { messageId: id, sender, kind, at, text: said ?? null, mediaId: media?.id ?? null };
}
