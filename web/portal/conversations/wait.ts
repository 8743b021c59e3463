/** How a member's waiting is shown: a colour with the same thing said in words. */
import type { DeskItem } from '../../../worker/protocol/http/desk.ts';

type Waiting = NonNullable<DeskItem['waiting']>;

export interface Wait {
  /** `calm`: there is time; `soon`: less than half of it is left; `late`: it is over. */
  readonly tone: 'calm' | 'soon' | 'late';
  /** Since the member's first unanswered message, whole seconds. */
  readonly seconds: number;
  /** Until they should have an answer, or since they should have had one, whole seconds. */
  readonly margin: number;
}

/** @param now ms since the epoch, by the server's clock */
export function waitAt(waiting: Waiting, now: number): Wait {
  const since = Date.parse(waiting.since);
  const due = Date.parse(waiting.dueAt);
  const left = due - now;
  const tone = left <= 0 ? 'late' : left < (due - since) / 2 ? 'soon' : 'calm';
  return { tone, seconds: Math.max(0, Math.floor((now - since) / 1000)), margin: Math.floor(Math.abs(left) / 1000) };
}
