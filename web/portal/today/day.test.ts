import { expect, test } from 'vitest';
import { dayAt, workStateOf } from './day.ts';
import type { Shift, Workday } from './types.ts';

const day: Workday = {
  date: '2026-11-20',
  timeZone: 'Europe/Berlin',
  workedSeconds: 3_600,
  breakSeconds: 300,
  talkedSeconds: 1_200,
  calls: 3,
  earned: { unit: 'EARN', amount: 90 },
};
const shift = { id: 'shf_1', startedAt: '2026-11-20T08:00:00.000Z', endedAt: null, breakSince: null } as Shift;

test('a shift is work, a break, or over', () => {
  expect(workStateOf(null)).toBe('off');
  expect(workStateOf(shift)).toBe('working');
  expect(workStateOf({ ...shift, breakSince: '2026-11-20T09:00:00.000Z' })).toBe('break');
  expect(workStateOf({ ...shift, endedAt: '2026-11-20T09:00:00.000Z' })).toBe('off');
});

test('only the clock of the present state runs', () => {
  expect(dayAt(day, 'working', 10_000, 75_500, null)).toEqual({ worked: 3_665, onBreak: 300, talked: 1_200 });
  expect(dayAt(day, 'break', 10_000, 75_500, null)).toEqual({ worked: 3_600, onBreak: 365, talked: 1_200 });
  expect(dayAt(day, 'off', 10_000, 75_500, null)).toEqual({ worked: 3_600, onBreak: 300, talked: 1_200 });
});

test('a running call counts, and a clock that stands back takes nothing away', () => {
  expect(dayAt(day, 'working', 10_000, 40_000, 20_000).talked).toBe(1_220);
  expect(dayAt(day, 'working', 10_000, 5_000, 20_000)).toEqual({ worked: 3_600, onBreak: 300, talked: 1_200 });
});
