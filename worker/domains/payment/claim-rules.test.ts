import { describe, expect, it } from 'vitest';
import { newId } from '../../platform/ids.ts';
import type { UserId } from '../../protocol/ids.ts';
import { aliasAt, aliasesOf, appleAccountOf, type Claim, ownIdIn, whoseIs } from './claim-rules.ts';

const [ada, ben] = ['usr_ada', 'usr_ben'] as const satisfies readonly UserId[];
const claim = (strength: Claim['strength'], userId: UserId): Claim => ({ strength, userId });
const owner = (userId: UserId) => ({ outcome: 'owner', userId });

describe('whose an event is', () => {
  it('the strongest claims decide, if they agree', () => {
    expect(whoseIs([], null)).toEqual({ outcome: 'nobody' });
    expect(whoseIs([claim('known', ada), claim('address', ben), claim('device', ben)], null)).toEqual(owner(ada));
    expect(whoseIs([claim('moved', ben), claim('known', ada)], null)).toEqual(owner(ben));
    for (const strength of ['moved', 'known', 'address', 'device'] as const)
      expect(whoseIs([claim(strength, ada), claim(strength, ben)], null)).toEqual({ outcome: 'two_owners' });
  });
  it('what was granted stays with whom it was granted to, against addresses and devices, and not against better names', () => {
    expect(whoseIs([claim('address', ben)], ada)).toEqual(owner(ada));
    expect(whoseIs([claim('device', ben)], ada)).toEqual(owner(ada));
    expect(whoseIs([], ada)).toEqual(owner(ada));
    expect(whoseIs([claim('known', ben)], ada)).toEqual({ outcome: 'two_owners' });
  });
});

describe('an alias', () => {
  it('is of whoever had it when it happened; the first binding counts from the beginning', () => {
    const name = { kind: 'stripe_customer', value: 'cus' } as const;
    const rows = [
      { ...name, since: 500, userId: ben },
      { ...name, since: 0, userId: ada },
    ];
    expect([aliasAt(rows, 0), aliasAt(rows, 499), aliasAt(rows, 500)]).toEqual([
      claim('known', ada),
      claim('known', ada),
      claim('moved', ben),
    ]);
    expect(aliasAt([], 5)).toBeNull();
    expect(aliasAt([{ kind: 'device', value: 'd', since: 0, userId: ada }], 5)).toEqual(claim('device', ada));
  });
  it('comes of names of stores alone, of a device only where the store signed, and of the subscription', () => {
    const customerRefs = [
      { kind: 'user', value: ada },
      { kind: 'email', value: 'ada@demo.test' },
      { kind: 'adapty_profile', value: 'p' },
      { kind: 'device', value: 'd' },
    ] as const;
    const event = { customerRefs, store: 'apple', storeSubscriptionId: 's' } as const;
    expect(aliasesOf({ ...event, signedByStore: false })).toEqual([
      { kind: 'adapty_profile', value: 'p' },
      { kind: 'apple_subscription', value: 's' },
    ]);
    expect(aliasesOf({ ...event, signedByStore: true, storeSubscriptionId: null }).map(({ kind }) => kind)).toEqual([
      'adapty_profile',
      'device',
    ]);
  });
});

describe('an id of ours', () => {
  it('is found where an app gave it to a store, and nowhere else', () => {
    const id = newId('usr');
    expect(ownIdIn({ kind: 'user', value: id })).toBe(id);
    expect(ownIdIn({ kind: 'google_account', value: id })).toBe(id);
    expect(ownIdIn({ kind: 'apple_account', value: appleAccountOf(id).toUpperCase() })).toBe(id);
    for (const value of ['', 'x', '00000000-0000-0000-0000-000000000000', '9f1c1c54-0000-0000-0000-0123456789ab', crypto.randomUUID(), id])
      expect(ownIdIn({ kind: 'apple_account', value }), value).toBeNull();
    for (const value of ['', 'usr_', newId('ses'), `${id}x`]) expect(ownIdIn({ kind: 'user', value }), value).toBeNull();
    expect(ownIdIn({ kind: 'email', value: id })).toBeNull();
  });
});
