/** The pure half of the kit. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { MAX_FRAME_BYTES } from '../../worker/protocol/sockets.ts';
import { dueAlarms, nextWake, retryPauseMs } from './alarms.ts';
import { hashOf, missingMigrations } from './migrations.ts';
import { Patience } from './patience.ts';
import { readFrame } from './sockets.ts';

describe('what is next', () => {
  const row = (name: string, due_at: number) => ({ name, due_at, tries: 0, revision: 0 });

  it('is the earliest, and all that are due come in order', () => {
    const rows = [row('c', 30), row('a', 10), row('b', 10)];
    expect(nextWake(rows)).toBe(10);
    expect(nextWake([])).toBeNull();
    expect(dueAlarms(rows, 29).map(({ name }) => name)).toEqual(['a', 'b']);
    expect(dueAlarms(rows, 9)).toEqual([]);
  });

  it('waits longer after each vain run, and never longer than a minute', () => {
    expect([1, 2, 3, 7, 50].map(retryPauseMs)).toEqual([1_000, 2_000, 4_000, 60_000, 60_000]);
  });
});

describe('a history of migrations', () => {
  const a = { name: 'a', sql: 'CREATE TABLE a (x)' };
  const b = { name: 'b', sql: 'CREATE TABLE b (x)' };
  const done = (position: number, { name, sql }: { name: string; sql: string }, contracts = 0) => ({
    position,
    name,
    hash: hashOf(sql),
    contracts,
  });

  it('leaves what is missing', () => {
    expect(missingMigrations([a, b], [done(0, a)])).toEqual([b]);
  });
  it('refuses an edited, a reordered and a doubled one', () => {
    expect(() => missingMigrations([{ ...a, sql: 'CREATE TABLE a (y)' }], [done(0, a)])).toThrow('changed');
    expect(() => missingMigrations([b, a], [done(0, a)])).toThrow('append');
    expect(() => missingMigrations([a, a], [])).toThrow('one name');
  });
  it('lets an older release run after an expansion, and never after a contraction', () => {
    expect(missingMigrations([a], [done(0, a), done(1, b)])).toEqual([]);
    expect(() => missingMigrations([a], [done(0, a), done(1, b, 1)])).toThrow('older');
  });
  it('does not mind how a statement is wrapped', () => {
    expect(hashOf('CREATE  TABLE\n a (x)')).toBe(hashOf('CREATE TABLE a (x)'));
  });
});

describe('reading a frame', () => {
  const schema = z.discriminatedUnion('type', [z.strictObject({ type: z.literal('say'), id: z.optional(z.string()), n: z.int() })]);
  const codeOf = (message: string | ArrayBuffer) => {
    const read = readFrame(schema, message);
    return read.ok ? 'fine' : read.error.code;
  };

  it('takes a good one', () => {
    expect(readFrame(schema, '{"type":"say","n":1}')).toEqual({ ok: true, frame: { type: 'say', n: 1 } });
  });
  it.each([
    ['binary', new ArrayBuffer(4), 'validation_failed'],
    ['half a JSON', '{"type":', 'malformed_json'],
    ['nothing', '', 'malformed_json'],
    ['null', 'null', 'validation_failed'],
    ['a list', '[1]', 'validation_failed'],
    ['an unknown type', '{"type":"shout","n":1}', 'validation_failed'],
    ['a wrong type', '{"type":"say","n":"1"}', 'validation_failed'],
    ['an unknown key', '{"type":"say","n":1,"more":true}', 'validation_failed'],
    ['one byte too many', `"${'x'.repeat(MAX_FRAME_BYTES - 1)}"`, 'body_too_large'],
    ['too many bytes in few characters', `"${'€'.repeat(MAX_FRAME_BYTES / 3)}"`, 'body_too_large'],
  ])('names what is wrong with %s', (_what, message, code) => {
    expect(codeOf(message)).toBe(code);
  });
  it('takes the largest there may be', () => {
    expect(codeOf(`{"type":"say","n":1}${' '.repeat(MAX_FRAME_BYTES - 20)}`)).toBe('fine');
  });
  it('repeats the id of the frame it refuses, if that is one', () => {
    const idIn = (message: string) => {
      const read = readFrame(schema, message);
      return read.ok ? null : read.error.id;
    };
    expect(idIn('{"type":"say","id":"f1","n":"x"}')).toBe('f1');
    expect(idIn(`{"type":"say","id":"${'x'.repeat(65)}","n":"x"}`)).toBeUndefined();
    expect(idIn('{"type":"say","id":7,"n":"x"}')).toBeUndefined();
  });
});

describe('patience', () => {
  const socket = {} as WebSocket;

  it('takes a burst, then as many as the rate allows, and ends with who goes on regardless', () => {
    const patience = new Patience({ burst: 3, perSecond: 2 });
    const take = (now: number) => patience.take(socket, now);
    expect([take(0), take(0), take(0), take(0)]).toEqual(['fine', 'fine', 'fine', 'limited']);
    expect(take(500)).toBe('fine');
    expect([take(500), take(500), take(500), take(500)]).toEqual(['limited', 'limited', 'limited', 'rate_limited']);
  });
  it('ends a flood that lets a frame through now and then', () => {
    const patience = new Patience({ burst: 3, perSecond: 2 });
    const other = {} as WebSocket;
    const moods = Array.from({ length: 60 }, (_, n) => patience.take(other, n * 100));
    expect(moods.slice(0, 20)).toContain('fine');
    expect(moods).toContain('rate_limited');
  });
  it('forgives bad frames after a good one', () => {
    const patience = new Patience({ burst: 100, perSecond: 1 });
    const other = {} as WebSocket;
    for (let n = 0; n < 9; n++) expect(patience.bad(other, 0)).toBe(false);
    patience.good(other, 0);
    expect(patience.bad(other, 0)).toBe(false);
    for (let n = 0; n < 8; n++) patience.bad(other, 0);
    expect(patience.bad(other, 0)).toBe(true);
  });
});
