import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Env } from '../../env.ts';
import { contextOf } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import type { Principal } from '../../platform/principal.ts';
import { cardsOf, changeMe, publicProfiles, readMe } from './service.ts';

const ctx = contextOf(env as unknown as Env, { now: 1_800_000_000_000, requestId: 'req-1', waitUntil: () => {} });

const somebody = (): Principal => ({
  userId: newId('usr'),
  sessionId: newId('ses'),
  role: 'member',
  monetizationVersion: 'tokens',
  ledgerShard: 0,
  email: 'private-address@demo.test',
  phone: '+358401234567',
  permissions: new Set(['call.take', 'call.place']),
});

describe('one’s own profile', () => {
  it('is there on the first reading, and the same on the next, even when both come at once', async () => {
    const principal = somebody();
    const [first, second] = await Promise.all([readMe(ctx, principal), readMe(ctx, principal)]);
    expect(first).toEqual(second);
    expect(first).toEqual({
      id: principal.userId,
      role: 'member',
      monetizationVersion: 'tokens',
      permissions: ['call.place', 'call.take'],
      public: {
        id: principal.userId,
        role: 'member',
        displayName: 'Someone new',
        pronunciation: null,
        about: '',
        languages: ['en'],
        skills: [],
        gender: null,
        ageBand: null,
        portrait: null,
      },
      private: { email: 'private-address@demo.test', phone: '+358401234567', birthDate: null, timeZone: null },
      comfort: expect.objectContaining({ textSize: 100, view: 'simple' }),
      wishes: { media: null, gender: null, ageBand: null },
    });
  });

  it('keeps what a change leaves out, and empties what it sets to null', async () => {
    const principal = somebody();
    await changeMe(ctx, principal, {
      public: { displayName: 'Ada', about: 'Gardens', gender: 'woman', languages: ['fi', 'en', 'fi'] },
      private: { birthDate: '1946-02-28', timeZone: 'Europe/Helsinki' },
    });
    const changed = await changeMe(ctx, principal, { public: { gender: null, skills: [' Books '] }, private: { timeZone: null } });
    expect(changed.public).toMatchObject({
      displayName: 'Ada',
      about: 'Gardens',
      gender: null,
      languages: ['fi', 'en'],
      skills: ['Books'],
    });
    expect(changed.private).toMatchObject({ birthDate: '1946-02-28', timeZone: null });
    expect(await changeMe(ctx, principal, {})).toEqual(changed);
    expect(await readMe(ctx, principal)).toEqual(changed);
  });

  it('keeps how a name is said, and takes blanks for nothing', async () => {
    const principal = somebody();
    expect((await changeMe(ctx, principal, { public: { pronunciation: 'GREH-tuh' } })).public.pronunciation).toBe('GREH-tuh');
    const seen = await publicProfiles(ctx, [{ id: principal.userId, role: 'member' }]);
    expect(seen.get(principal.userId)?.pronunciation).toBe('GREH-tuh');
    expect((await changeMe(ctx, principal, { public: { displayName: 'Greta' } })).public.pronunciation).toBe('GREH-tuh');
    expect((await changeMe(ctx, principal, { public: { pronunciation: '' } })).public.pronunciation).toBeNull();
  });

  it('is changed for one person only, and not at all by a refused change', async () => {
    const [one, other] = [somebody(), somebody()];
    await readMe(ctx, other);
    await changeMe(ctx, one, { public: { displayName: 'One' } });
    await expect(changeMe(ctx, one, { public: { displayName: 'Uno' }, private: { timeZone: 'Nowhere/Land' } })).rejects.toMatchObject({
      code: 'validation_failed',
      fields: [{ path: 'private.timeZone', message: expect.any(String) }],
    });
    expect((await readMe(ctx, one)).public.displayName).toBe('One');
    expect((await readMe(ctx, other)).public.displayName).toBe('Someone new');
  });
});

describe('what others see', () => {
  it('has nothing of the private part, whatever stands there', async () => {
    const principal = somebody();
    await changeMe(ctx, principal, { public: { displayName: 'Ada' }, private: { birthDate: '1946-02-28', timeZone: 'Asia/Tokyo' } });
    const seen = JSON.stringify([
      ...(await publicProfiles(ctx, [{ id: principal.userId, role: 'member' }])).values(),
      ...(await cardsOf(ctx, [principal.userId])).values(),
    ]);
    expect(seen).toContain('Ada');
    for (const secret of ['private-address', '358401234567', '1946', 'Tokyo']) expect(seen).not.toContain(secret);
  });

  it('is there for everybody asked for, more than a query could bind one by one', async () => {
    const known = somebody();
    await changeMe(ctx, known, { public: { displayName: 'Grace' } });
    const ids = [...Array.from({ length: 150 }, () => newId('usr')), known.userId];
    const cards = await cardsOf(ctx, ids);
    expect(cards.size).toBe(151);
    expect(cards.get(known.userId)).toEqual({ id: known.userId, displayName: 'Grace', portrait: null });
    expect(cards.get(ids[0] as (typeof ids)[0])?.displayName).toBe('Someone new');
  });
});
