import { DrizzleQueryError } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { causeOf } from './log.ts';

describe('what is written of a thrown thing', () => {
  it('names the error and what caused it', () => {
    expect(causeOf(new TypeError('no such thing', { cause: new Error('the line broke') }))).toBe(
      'TypeError: no such thing ← the line broke',
    );
    expect(causeOf('plain')).toBe('plain');
  });

  it('never has the values of a failed query, which may be somebody’s address', () => {
    const sql = 'insert into "user" ("id", "email") values (?, ?)';
    const thrown = new DrizzleQueryError(sql, ['usr_1', 'ada@demo.test'], new Error('D1_ERROR: Network connection lost.'));
    for (const each of [thrown, new Error('the user could not be made', { cause: thrown })]) {
      expect(causeOf(each)).not.toContain('ada@demo.test');
    }
    expect(causeOf(thrown)).toContain('D1_ERROR: Network connection lost.');
    expect(causeOf(thrown)).toContain('insert into "user"');
  });
});
