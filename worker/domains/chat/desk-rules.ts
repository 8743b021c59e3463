/** Decisions of the desk: who waits and for how long, in which lists a conversation stands, who may do what with it. Times in ms. */
import type { DeskList } from '../../protocol/http/desk.ts';

/** The desk's clock (settings `chat.*`). */
export interface DeskClock {
  /** A member should have an answer within this. */
  readonly answerWithinMs: number;
  /** Then an unanswered conversation goes to the queue. */
  readonly returnAfterMs: number;
}

/** What of a conversation the desk decides on. */
export interface DeskState {
  /** Who answers; null: it waits in the queue. */
  readonly assigneeId: string | null;
  /** Since when this one, or nobody, answers. */
  readonly assignedAt: number;
  /** The member's first message that nobody has answered; null: nobody waits. */
  readonly waitingSince: number | null;
}

export interface Waiting {
  readonly since: number;
  readonly dueAt: number;
  readonly overdue: boolean;
  /** When it goes to the queue; null where it lies there already. */
  readonly returnsAt: number | null;
}

/** The member's clock runs on whoever answers; who has just taken over has the whole time before it is taken from them. */
export function waitingAt({ assigneeId, assignedAt, waitingSince }: DeskState, clock: DeskClock, now: number): Waiting | null {
  if (waitingSince === null) return null;
  const dueAt = waitingSince + clock.answerWithinMs;
  return {
    since: waitingSince,
    dueAt,
    overdue: now >= dueAt,
    returnsAt: assigneeId === null ? null : Math.max(waitingSince, assignedAt) + clock.returnAfterMs,
  };
}

/** Whether it is time to give it to the queue. */
export function isToReturn(state: DeskState, clock: DeskClock, now: number): boolean {
  const returnsAt = waitingAt(state, clock, now)?.returnsAt ?? null;
  return returnsAt !== null && now >= returnsAt;
}

/** The lists in which it stands for this companion; none where it is another's. */
export function listsOf(state: DeskState, viewerId: string, clock: DeskClock, now: number): DeskList[] {
  const mine = state.assigneeId === viewerId;
  if (!mine && state.assigneeId !== null) return [];
  const waiting = waitingAt(state, clock, now);
  return [
    ...(mine ? (['mine'] as const) : (['unassigned'] as const)),
    ...(mine && waiting ? (['waiting'] as const) : []),
    ...(waiting?.overdue ? (['overdue'] as const) : []),
  ];
}

/**
 * Whether this companion finds the conversation at their desk: who answers it, anybody while nobody does, and the
 * member's own companion always, so that they know who stands in for them.
 */
export const finds = (state: DeskState & { readonly companionId: string }, viewerId: string): boolean =>
  state.assigneeId === null || state.assigneeId === viewerId || state.companionId === viewerId;

/** What taking means now. */
export function takeOf(state: DeskState, by: string): 'take' | 'has_it' | 'taken' {
  if (state.assigneeId === null) return 'take';
  return state.assigneeId === by ? 'has_it' : 'taken';
}

/** What handing on means now: only who answers may; to oneself changes nothing. */
export function transferOf(state: DeskState, by: string, to: string | null): 'transfer' | 'already' | 'not_yours' {
  if (state.assigneeId !== by) return state.assigneeId !== null && state.assigneeId === to ? 'already' : 'not_yours';
  return to === by ? 'already' : 'transfer';
}

/** The member's own companion first, then who is at work, then who speaks more of the member's languages, then by name. */
export function byNearness(
  a: { own: boolean; atWork: boolean; languages: readonly string[]; person: { displayName: string } },
  b: typeof a,
): number {
  return (
    Number(b.own) - Number(a.own) ||
    Number(b.atWork) - Number(a.atWork) ||
    b.languages.length - a.languages.length ||
    (a.person.displayName < b.person.displayName ? -1 : 1)
  );
}

/** One person keeps so many replies, and the house so many. */
export const MOST_REPLIES = 200;
