import { describe, expect, it } from 'vitest';
import { byNearness, finds, isToReturn, listsOf, takeOf, transferOf, waitingAt } from './desk-rules.ts';

const clock = { answerWithinMs: 600, returnAfterMs: 1_800 };
const state = (more: Partial<Parameters<typeof waitingAt>[0]> = {}) => ({
  assigneeId: 'grace',
  assignedAt: 0,
  waitingSince: 1_000,
  ...more,
});

describe('the clock', () => {
  it('is due from the member’s first unanswered message on', () => {
    expect(waitingAt(state(), clock, 1_599)).toEqual({ since: 1_000, dueAt: 1_600, overdue: false, returnsAt: 2_800 });
    expect(waitingAt(state(), clock, 1_600)).toMatchObject({ overdue: true });
    expect(waitingAt(state({ waitingSince: null }), clock, 9_999)).toBeNull();
  });

  it('gives who has taken over the whole time, and the member none of it', () => {
    const taken = state({ assignedAt: 2_000 });
    expect(waitingAt(taken, clock, 2_100)).toMatchObject({ overdue: true, returnsAt: 3_800 });
    expect([2_800, 3_799, 3_800].map((now) => isToReturn(taken, clock, now))).toEqual([false, false, true]);
  });

  it('returns nothing that is answered or lies in the queue', () => {
    expect(isToReturn(state({ waitingSince: null }), clock, 99_999)).toBe(false);
    expect(isToReturn(state({ assigneeId: null }), clock, 99_999)).toBe(false);
  });
});

describe('the lists', () => {
  it.each([
    [state(), 1_100, ['mine', 'waiting']],
    [state(), 1_600, ['mine', 'waiting', 'overdue']],
    [state({ waitingSince: null }), 9_999, ['mine']],
    [state({ assigneeId: null }), 1_100, ['unassigned']],
    [state({ assigneeId: null }), 1_600, ['unassigned', 'overdue']],
    [state({ assigneeId: null, waitingSince: null }), 9_999, ['unassigned']],
    [state({ assigneeId: 'eva' }), 9_999, []],
  ])('%j at %d', (of, now, lists) => expect(listsOf(of, 'grace', clock, now)).toEqual(lists));

  it('name another’s conversation to the member’s own companion alone', () => {
    const evas = { ...state({ assigneeId: 'eva' }), companionId: 'grace' };
    expect(['eva', 'grace', 'hugo'].map((who) => finds(evas, who))).toEqual([true, true, false]);
    expect(finds({ ...evas, assigneeId: null }, 'hugo')).toBe(true);
  });
});

describe('taking and handing on', () => {
  it('goes to the first, and to nobody twice', () => {
    expect(takeOf(state({ assigneeId: null }), 'eva')).toBe('take');
    expect(takeOf(state({ assigneeId: 'eva' }), 'eva')).toBe('has_it');
    expect(takeOf(state(), 'eva')).toBe('taken');
  });

  it('is for who answers', () => {
    expect(transferOf(state(), 'grace', 'eva')).toBe('transfer');
    expect(transferOf(state(), 'grace', null)).toBe('transfer');
    expect(transferOf(state(), 'grace', 'grace')).toBe('already');
    // Their second asking, after the first was heard.
    expect(transferOf(state({ assigneeId: 'eva' }), 'grace', 'eva')).toBe('already');
    expect(transferOf(state({ assigneeId: 'eva' }), 'grace', 'hugo')).toBe('not_yours');
    expect(transferOf(state({ assigneeId: null }), 'grace', 'eva')).toBe('not_yours');
  });

  it('offers the member’s own companion first, then who is at work and speaks their language', () => {
    const one = (displayName: string, own: boolean, atWork: boolean, languages: string[]) => ({
      person: { displayName },
      own,
      atWork,
      languages,
    });
    const all = [one('Bo', false, true, []), one('Al', false, true, ['de']), one('Own', true, false, []), one('Ann', false, true, [])];
    expect(all.toSorted(byNearness).map(({ person }) => person.displayName)).toEqual(['Own', 'Al', 'Ann', 'Bo']);
  });
});
