import { expect, it } from 'vitest';
import { choicesFrom, isShown, toggled } from './columns.ts';

const [call, reason, id] = [{ name: 'call', always: true }, { name: 'reason' }, { name: 'id', aside: true }] as const;

it('shows what stands there at first until somebody chooses otherwise', () => {
  expect([call, reason, id].map((column) => isShown(column, {}))).toEqual([true, true, false]);
  expect(isShown(reason, toggled(reason, {}))).toBe(false);
  expect(isShown(id, toggled(id, {}))).toBe(true);
  expect(isShown(id, toggled(id, toggled(id, {})))).toBe(false);
});

it('never hides the way to what a row is of', () => {
  expect(isShown(call, toggled(call, {}))).toBe(true);
});

it('reads what was kept and forgives what it can’t read', () => {
  expect(choicesFrom('{"calls":{"id":true,"reason":"no"}}')).toEqual({ calls: { id: true } });
  for (const kept of [null, '', '{', '[]', '7', '{"calls":null}']) expect(choicesFrom(kept).people).toBeUndefined();
});
