import { describe, expect, it } from 'vitest';
import { principal } from '../../../tests/app-as.ts';
import { contextNow, newPerson, newSession } from '../../../tests/devices.ts';
import { newId } from '../../platform/ids.ts';
import { adjust } from '../balance/service.ts';
import { block } from '../blocklist/service.ts';
import { readAuditPage } from '../event_log/service.ts';
import { changeProfile } from '../profile/service.ts';
import { createUser, sessionsOf, userById } from '../user/service.ts';
import { balanceEventsOf, searchPeople, signOut, wholePerson } from './service.ts';

const supervisor = principal({ role: 'supervisor', permissions: new Set(['people.read']) });
const admin = principal({ role: 'admin', permissions: new Set(['people.read', 'people.contact']) });
const ctx = contextNow;

async function someone(name: string, email: string, role: 'member' | 'companion' = 'member') {
  const user = await createUser(ctx(), { email, role, monetizationVersion: 'tokens' });
  await changeProfile(ctx(), user.id, { public: { displayName: name }, private: { timeZone: 'Europe/Berlin' } });
  return user;
}
const names = async (who: typeof admin, query: Parameters<typeof searchPeople>[2]) =>
  (await searchPeople(ctx(), who, query)).items.map(({ displayName }) => displayName);

describe('finding people', () => {
  it('by part of a name, by id, by whole address; by part of an address only with the permission', async () => {
    const { id } = await someone('Wilhelmina Quist', 'wq-search@demo.test');
    for (const who of [supervisor, admin]) {
      expect(await names(who, { search: 'helmina q' })).toEqual(['Wilhelmina Quist']);
      expect(await names(who, { search: id })).toEqual(['Wilhelmina Quist']);
      expect(await names(who, { search: 'WQ-search@demo.test' })).toEqual(['Wilhelmina Quist']);
      expect(await names(who, { ids: `${id},${newId('usr')}` })).toEqual(['Wilhelmina Quist']);
    }
    expect(await names(admin, { search: 'wq-sear' })).toEqual(['Wilhelmina Quist']);
    expect(await names(supervisor, { search: 'wq-sear' })).toEqual([]);
    expect(await names(admin, { search: '%' })).toEqual([]);
  });

  it('by a phone as people write it', async () => {
    const user = await createUser(ctx(), { phone: '+4930123456', role: 'member', monetizationVersion: 'tokens' });
    const found = await searchPeople(ctx(), supervisor, { search: '+49 (30) 123-456' });
    expect(found.items.map(({ id, contact }) => [id, contact])).toEqual([[user.id, null]]);
  });

  it('page by page, each once, in whatever way each was found', async () => {
    const made: string[] = [];
    for (let n = 0; n < 5; n++)
      made.unshift((await someone(n % 2 ? 'Paged Pete' : `Nobody ${n}`, n % 2 ? `pp${n}@x.test` : `paged-p${n}@x.test`)).id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await searchPeople(ctx(), admin, { search: 'paged', limit: 2, ...(cursor ? { cursor } : {}) });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(made);
  });

  it('of one role', async () => {
    await someone('Rolanda', 'rolanda@demo.test', 'companion');
    expect(await names(admin, { search: 'rolanda', role: 'companion' })).toEqual(['Rolanda']);
    expect(await names(admin, { search: 'rolanda', role: 'member' })).toEqual([]);
  });
});

describe('a person whole', () => {
  it('has the private part for who may see it, and for nobody else', async () => {
    const { id } = await someone('Vera', 'vera-whole@demo.test');
    expect((await wholePerson(ctx(), admin, id)).private).toMatchObject({ email: 'vera-whole@demo.test', timeZone: 'Europe/Berlin' });
    const shown = await wholePerson(ctx(), supervisor, id);
    expect(shown.private).toBeNull();
    expect(JSON.stringify(shown)).not.toMatch(/vera-whole|Berlin/);
  });

  it('has blocks of both directions, balances and devices', async () => {
    const { userId } = await newPerson('member');
    const other = await someone('Bert', 'bert-blocks@demo.test');
    await block(ctx(), { blockerId: userId, blockedId: other.id, reason: 'spam', text: null });
    const owner = await userById(ctx(), userId);
    if (!owner) throw new Error('nobody there');
    for (const amount of [50, 20, -30])
      await adjust(ctx(), { owner: { userId, shard: owner.ledgerShard }, unit: 'COIN', amount, adjustmentId: newId('adj'), actor: userId });
    const whole = await wholePerson(ctx(), supervisor, userId);
    expect(whole).toMatchObject({ balances: [{ unit: 'COIN', amount: 40, debt: 0 }], presence: 'offline', busyWith: null, work: null });
    expect(whole.blocks.made).toMatchObject([{ userId: other.id, displayName: 'Bert', reason: 'spam' }]);
    expect((await wholePerson(ctx(), supervisor, other.id)).blocks).toMatchObject({ made: [], received: [{ userId }] });
    expect(whole.sessions).toHaveLength(1);

    const first = await balanceEventsOf(ctx(), userId, { limit: 2 });
    expect(first.items.map(({ amount, balanceAfter }) => [amount, balanceAfter])).toEqual([
      [-30, 40],
      [20, 70],
    ]);
    const rest = await balanceEventsOf(ctx(), userId, { limit: 2, cursor: first.nextCursor ?? '' });
    expect([rest.items.map(({ amount }) => amount), rest.nextCursor]).toEqual([[50], null]);
    await expect(balanceEventsOf(ctx(), other.id, { cursor: first.nextCursor ?? '' })).rejects.toMatchObject({ code: 'validation_failed' });
    expect((await balanceEventsOf(ctx(), userId, { unit: 'EARN' })).items).toEqual([]);
  });

  it('is not there where nobody is', async () => {
    await expect(wholePerson(ctx(), admin, newId('usr'))).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('signing somebody out', () => {
  it('leaves out no device, however many there are', async () => {
    const { userId, sessionId: oldest } = await newPerson('member');
    const actor = newId('usr');
    await contextNow().env.DB.prepare('UPDATE session SET created_at = 1 WHERE id = ?').bind(oldest).run();
    for (let device = 0; device < 101; device++) await newSession(userId);
    expect(await signOut(ctx(), { userId, sessionId: oldest, reason: 'lost phone', actor })).toBe(1);
    expect(await signOut(ctx(), { userId, reason: 'taken over', actor })).toBe(101);
    expect(await sessionsOf(ctx(), userId)).toEqual([]);
  });

  it('ends one device or all, and the audit says which, by whom and why', async () => {
    const { userId, sessionId } = await newPerson('member');
    const actor = newId('usr');
    await expect(signOut(ctx(), { userId, sessionId: newId('ses'), reason: 'lost phone', actor })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await signOut(ctx(), { userId, reason: 'lost phone', actor })).toBe(1);
    expect(await sessionsOf(ctx(), userId)).toEqual([]);
    expect(await signOut(ctx(), { userId, reason: 'lost phone', actor })).toBe(0);
    const { items } = await readAuditPage(ctx(), { subject: userId });
    expect(items).toMatchObject([
      { actor, action: 'people.sign_out', before: { sessions: [{ id: sessionId }] }, after: { sessions: [], reason: 'lost phone' } },
    ]);
  });
});
