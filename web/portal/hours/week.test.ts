import { expect, test } from 'vitest';
import { firstOverlap, minutesLong, minutesOfWeek, offer, overnight } from './week.ts';

const monday = { weekday: 1, from: '09:00', to: '12:00' };
const late = { weekday: 7, from: '22:00', to: '02:00' };

test('hours over midnight end on the next day', () => {
  expect(overnight(late)).toBe(true);
  expect(overnight(monday)).toBe(false);
  expect(minutesLong(late)).toBe(240);
  expect(minutesLong({ weekday: 1, from: '08:00', to: '08:00' })).toBe(1_440);
  expect(minutesOfWeek([monday, late])).toBe(420);
});

test('overlaps are found, also over midnight and over the end of the week', () => {
  expect(firstOverlap([monday, { weekday: 1, from: '12:00', to: '14:00' }])).toBeNull();
  expect(firstOverlap([{ weekday: 1, from: '11:30', to: '14:00' }, monday])?.[0]).toEqual(monday);
  expect(
    firstOverlap([
      { weekday: 1, from: '22:00', to: '03:00' },
      { weekday: 2, from: '02:00', to: '04:00' },
    ]),
  ).not.toBeNull();
  expect(firstOverlap([{ weekday: 1, from: '01:00', to: '04:00' }, late])).not.toBeNull();
  expect(firstOverlap([monday, late])).toBeNull();
});

test('a new time is offered where there is room', () => {
  expect(offer([], 3)).toEqual({ weekday: 3, from: '09:00', to: '17:00' });
  expect(offer([monday], 2)).toEqual({ ...monday, weekday: 2 });
  expect(offer([monday], 1)).toEqual({ weekday: 1, from: '13:00', to: '15:00' });
});
