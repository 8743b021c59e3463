/** What of the things people say becomes a case. */
import type { LoggedEvent } from '../event_log/service.ts';

/** A rating of so many stars or fewer is looked at. */
export const LOW_STARS = 2;

/** Events that may become cases. */
export const CASE_EVENTS = ['call.rated', 'call.wrapped_up'] as const;

export interface Raised {
  readonly source: 'rating' | 'wrap_up';
  readonly subject: string;
  readonly raisedBy: string;
  readonly reason: string;
}

/** The case that an event makes, or null where nobody has to look. */
export function caseOf({ type, subject, actor, payload }: LoggedEvent): Raised | null {
  if (actor === null) return null;
  if (type === 'call.rated' && typeof payload.stars === 'number' && payload.stars <= LOW_STARS) {
    const reasons = Array.isArray(payload.reasons) ? payload.reasons.filter((reason) => typeof reason === 'string') : [];
    return { source: 'rating', subject, raisedBy: actor, reason: [`${payload.stars} of 5`, ...reasons].join(', ') };
  }
  if (type === 'call.wrapped_up' && typeof payload.flag === 'string')
    return { source: 'wrap_up', subject, raisedBy: actor, reason: payload.flag };
  return null;
}
