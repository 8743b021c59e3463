import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { fromCursor, toCursor } from './cursor.ts';

it('gives back any position, in letters that a URL carries as they are', () => {
  fc.assert(
    fc.property(fc.tuple(fc.integer(), fc.string({ unit: 'binary', maxLength: 40 })), (position) => {
      const cursor = toCursor(position);
      expect(cursor).toMatch(/^[\w-]*$/);
      expect(fromCursor(cursor, z.tuple([z.int(), z.string()]))).toEqual(position);
    }),
  );
});

it('is none where none was given', () => {
  expect(fromCursor(undefined, z.int())).toBeNull();
});

it.each(['', 'x', '%%%', 'e30', toCursor('seven'), toCursor(null), `${toCursor(7)}!`])('refuses %j where a number stood', (cursor) => {
  expect(() => fromCursor(cursor, z.int())).toThrow(expect.objectContaining({ code: 'validation_failed' }));
});
