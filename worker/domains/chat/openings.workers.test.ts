/** Rules that open conversations, from the event to the message. */
import { beforeEach, describe, expect, it } from 'vitest';
import { principal } from '../../../tests/app-as.ts';
import { contextNow, newPerson, type SignedIn, testEnv } from '../../../tests/devices.ts';
import { type Context, contextOf } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import { chatRoom } from '../../platform/stubs.ts';
import type { Message } from '../../protocol/chat/message.ts';
import type { BodyOf } from '../../protocol/http/endpoint.ts';
import type { addOpeningRule, OpeningRule } from '../../protocol/http/openings.ts';
import type { ChatId, UserId } from '../../protocol/ids.ts';
import { block } from '../blocklist/service.ts';
import { enrol } from '../companions/service.ts';
import { keep } from '../favorites/service.ts';
import { changeMe } from '../profile/service.ts';
import { chatOfPair } from './conversations.ts';
import { addRule, changeRule, listRules, runOpenings } from './openings.ts';
import { pairRow } from './store.ts';

const staff = newId('usr');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** So long until noon of tomorrow: a test that counts a day's messages must not run over midnight. */
const untilNoon = (): number => (Math.floor(Date.now() / DAY) + 1.5) * DAY - Date.now();
const inMs = (ms: number): Context => contextOf(testEnv, { now: Date.now() + ms, requestId: 'test', waitUntil: () => {} });

async function companion(languages: readonly string[] = ['en']): Promise<SignedIn> {
  const who = await newPerson('companion');
  await enrol(contextNow(), { userId: who.userId, media: ['audio'], tier: 'standard', approved: true });
  await changeMe(contextNow(), principal({ ...who, role: 'companion' }), { public: { displayName: 'Grace', languages: [...languages] } });
  return who;
}
async function member(languages: readonly string[] = ['en']): Promise<SignedIn> {
  const who = await newPerson('member');
  await changeMe(contextNow(), principal(who), { public: { displayName: 'Ada', languages: [...languages] } });
  return who;
}
type Wish = BodyOf<typeof addOpeningRule>;
const rule = (change: Partial<Wish> = {}): Promise<OpeningRule> =>
  addRule(contextNow(), staff, {
    ...{
      name: 'of a test',
      event: 'sign_up',
      templates: { en: 'Good day {member}, {companion} here.' },
      cohort: { languages: [], plans: [] },
    },
    ...{ companions: { choice: 'by_language' }, delayMinutes: 0, perCompanionDay: 100, enabled: true },
    ...change,
  });
/** The messages between the two; null where they have no conversation. */
async function letters(a: SignedIn, g: SignedIn): Promise<Message[] | null> {
  const row = await pairRow(testEnv.DB, { memberId: a.userId, companionId: g.userId });
  if (!row) return null;
  const answer = await chatRoom(testEnv, row.id as ChatId).events({ by: null });
  if (!answer.ok) throw new Error(answer.detail);
  return answer.value.items.flatMap((event) => (event.type === 'message' ? [event.message] : []));
}
const fateOf = (ruleId: string, who: SignedIn) =>
  testEnv.DB.prepare('SELECT state, reason, companion_id AS companion, text FROM opening WHERE rule_id = ? AND member_id = ?')
    .bind(ruleId, who.userId)
    .first();

// Rules of other tests are turned off, and what happened before is read.
beforeEach(async () => {
  await testEnv.DB.prepare('UPDATE opening_rule SET enabled = 0').run();
  await runOpenings(inMs(MINUTE));
});

describe('a rule for who signs up', () => {
  it('writes once, marked as automatic, in the name of the companion', async () => {
    const g = await companion(['xa']);
    const { id } = await rule({ templates: { xa: 'Good day {member}, {companion} here.', en: '-' } });
    const a = await member(['xa']);
    for (let n = 0; n < 3; n += 1) await runOpenings(inMs(MINUTE));
    expect(await letters(a, g)).toMatchObject([
      { sender: g.userId, automatic: true, kind: 'text', body: { text: 'Good day Ada, Grace here.' } },
    ]);
    // The words are in the room alone.
    expect(await fateOf(id, a)).toEqual({ state: 'done', reason: null, companion: g.userId, text: null });
    expect((await listRules(contextNow())).find((one) => one.id === id)?.counts).toMatchObject({ done: 1, waiting: 0 });
    const logged = await testEnv.DB.prepare(
      "SELECT payload FROM event WHERE type = 'chat.opened_by_rule' ORDER BY seq DESC LIMIT 1",
    ).first<string>('payload');
    expect(JSON.parse(logged ?? '')).toEqual({ ruleId: id, memberId: a.userId, companionId: g.userId });
  });

  it('waits as long as it should', async () => {
    const g = await companion(['xb']);
    await rule({ delayMinutes: 10 });
    const a = await member(['xb']);
    await runOpenings(inMs(9 * MINUTE));
    expect(await letters(a, g)).toBe(null);
    await runOpenings(inMs(11 * MINUTE));
    expect(await letters(a, g)).toHaveLength(1);
  });

  it('leaves out who came before it, who came while it was off, and companions', async () => {
    const g = await companion(['xc']);
    const before = await member(['xc']);
    const { id, changedAt } = await addRule(inMs(5), staff, {
      ...{
        name: 'off',
        event: 'sign_up',
        templates: { en: 'Hello' },
        cohort: { languages: [], plans: [] },
        companions: { choice: 'by_language' },
      },
      ...{ delayMinutes: 0, perCompanionDay: 5, enabled: false },
    });
    const meanwhile = await member(['xc']);
    await runOpenings(inMs(MINUTE));
    await changeRule(contextNow(), staff, id, { seenChangedAt: changedAt, enabled: true });
    await companion(['xc']);
    await runOpenings(inMs(MINUTE));
    expect([await letters(before, g), await letters(meanwhile, g)]).toEqual([null, null]);
  });

  it('is cut short when it is turned off', async () => {
    const g = await companion(['xd']);
    const { id, changedAt } = await rule({ delayMinutes: 10 });
    const a = await member(['xd']);
    await runOpenings(inMs(MINUTE));
    await changeRule(inMs(1_000), staff, id, { seenChangedAt: changedAt, enabled: false });
    await runOpenings(inMs(20 * MINUTE));
    expect([await letters(a, g), await fateOf(id, a)]).toMatchObject([null, { state: 'dropped', reason: 'disabled' }]);
  });

  it('spreads members over companions, and each gets so many a day', async () => {
    const [g, h] = [await companion(['xe']), await companion(['xe'])];
    const { id } = await rule({ perCompanionDay: 2 });
    const members: SignedIn[] = [];
    for (let n = 0; n < 5; n += 1) members.push(await member(['xe']));
    await runOpenings(inMs(untilNoon()));
    const written = async (who: SignedIn) =>
      (await Promise.all(members.map((a) => letters(a, who)))).filter((some) => some !== null).length;
    expect([await written(g), await written(h)]).toEqual([2, 2]);
    const fates = await Promise.all(members.map((a) => fateOf(id, a)));
    expect(fates.filter((fate) => fate?.state === 'dropped')).toEqual([{ state: 'dropped', reason: 'full', companion: null, text: null }]);
    // All rules together fill a day; the next one has room again.
    await testEnv.DB.prepare('UPDATE opening_rule SET enabled = 0 WHERE id = ?').bind(id).run();
    await rule({ perCompanionDay: 2 });
    const writtenTo = async (a: SignedIn) =>
      (await Promise.all([g, h].map((who) => letters(a, who)))).filter((some) => some !== null).length;
    const today = await member(['xe']);
    await runOpenings(inMs(untilNoon()));
    expect(await writtenTo(today)).toBe(0);
    const tomorrow = await member(['xe']);
    await runOpenings(inMs(untilNoon() + DAY));
    expect(await writtenTo(tomorrow)).toBe(1);
  });

  it('keeps the cap also where two runs begin at once', async () => {
    const g = await companion(['xf']);
    await rule({ perCompanionDay: 1 });
    const [a, b] = [await member(['xf']), await member(['xf'])];
    await Promise.all([runOpenings(inMs(untilNoon())), runOpenings(inMs(untilNoon()))]);
    await runOpenings(inMs(untilNoon()));
    const written = [await letters(a, g), await letters(b, g)].filter((some) => some !== null);
    expect(written).toHaveLength(1);
    expect(written[0]).toHaveLength(1);
  });

  it('leaves blocked pairs alone, and the room says so too', async () => {
    const g = await companion(['xg']);
    const { id } = await rule({ companions: { choice: 'named', ids: [g.userId] } });
    const [a, b] = [await member(['xg']), await member(['xg'])];
    const blocks = (who: SignedIn) => block(contextNow(), { blockerId: who.userId, blockedId: g.userId, reason: 'spam', text: null });
    await blocks(a);
    // The block comes between the decision and the message.
    await testEnv.DB.prepare(
      "INSERT INTO opening (rule_id, member_id, due_at, state, companion_id, day, text) VALUES (?, ?, 0, 'sending', ?, 1, 'hello')",
    )
      .bind(id, b.userId, g.userId)
      .run();
    await blocks(b);
    await runOpenings(inMs(MINUTE));
    expect([await fateOf(id, a), await fateOf(id, b)]).toMatchObject([
      { state: 'dropped', reason: 'nobody' },
      { state: 'dropped', reason: 'blocked', text: null },
    ]);
    expect([await letters(a, g), await letters(b, g)]).toEqual([null, null]);
  });

  it('writes to nobody who has a conversation with the companion already', async () => {
    const g = await companion(['xh']);
    const { id } = await rule({ companions: { choice: 'named', ids: [g.userId] } });
    const a = await member(['xh']);
    await chatOfPair(contextNow(), { memberId: a.userId, companionId: g.userId });
    await runOpenings(inMs(MINUTE));
    expect([await letters(a, g), await fateOf(id, a)]).toMatchObject([[], { reason: 'known' }]);
  });

  it('finds its message again after a crash between message and row', async () => {
    const g = await companion(['xi']);
    const { id } = await rule();
    const a = await member(['xi']);
    const dies = contextOf(
      { ...testEnv, DB: failing(testEnv.DB, /update "opening" set "state" = \?, "text"/i) },
      { now: Date.now() + MINUTE, requestId: 'test', waitUntil: () => {} },
    );
    await runOpenings(dies);
    expect([(await letters(a, g))?.length, (await fateOf(id, a))?.state]).toEqual([1, 'sending']);
    await changeMe(contextNow(), principal(a), { public: { displayName: 'Another name' } });
    await runOpenings(inMs(7 * MINUTE));
    expect(await fateOf(id, a)).toMatchObject({ state: 'done' });
    expect(await letters(a, g)).toMatchObject([{ body: { text: 'Good day Ada, Grace here.' } }]);
  });
});

/** A database that dies before it writes this. */
function failing(real: D1Database, statement: RegExp): D1Database {
  const marked = new WeakSet<object>();
  return {
    prepare(sql: string) {
      const prepared = real.prepare(sql);
      const mark = (one: D1PreparedStatement): D1PreparedStatement => {
        if (statement.test(sql)) marked.add(one);
        return one;
      };
      return new Proxy(mark(prepared), {
        get: (target, name) =>
          name === 'bind' ? (...values: unknown[]) => mark(target.bind(...values)) : Reflect.get(target, name).bind(target),
      });
    },
    batch(statements: D1PreparedStatement[]) {
      if (statements.some((one) => marked.has(one))) throw new Error('D1_ERROR: away');
      return real.batch(statements);
    },
  } as unknown as D1Database;
}

describe('a rule for who follows', () => {
  it('writes in the name of the followed one', async () => {
    const g = await companion(['xj']);
    await rule({ event: 'follow', companions: { choice: 'followed' }, templates: { en: 'Thank you, {member}.' } });
    const a = await member(['xj']);
    await keep(contextNow(), { userId: a.userId, favoriteId: g.userId });
    await runOpenings(inMs(MINUTE));
    expect(await letters(a, g)).toMatchObject([{ sender: g.userId, automatic: true, body: { text: 'Thank you, Ada.' } }]);
  });
});

describe('keeping rules', () => {
  it('refuses what can’t be, and what somebody changed meanwhile', async () => {
    await expect(rule({ templates: { en: 'Hi {name}' } })).rejects.toMatchObject({ code: 'validation_failed' });
    await expect(rule({ companions: { choice: 'named', ids: [newId('usr') as UserId] } })).rejects.toMatchObject({
      fields: [{ path: 'companions.ids.0' }],
    });
    const { id, changedAt } = await rule();
    const changed = await changeRule(contextNow(), staff, id, { seenChangedAt: changedAt, name: 'another name' });
    expect(changed).toMatchObject({ name: 'another name', perCompanionDay: 100 });
    await expect(changeRule(contextNow(), staff, id, { seenChangedAt: changedAt, enabled: false })).rejects.toMatchObject({
      code: 'version_conflict',
    });
    const audit = await testEnv.DB.prepare("SELECT count(*) AS n FROM audit_entry WHERE subject = ? AND action = 'opening.edit'")
      .bind(id)
      .first('n');
    expect(audit).toBe(2);
  });
});
