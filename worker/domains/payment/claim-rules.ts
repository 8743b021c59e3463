/** Whose a payment event is: decided by verified aliases alone (money.md, "Payments", 4). */
import { TypeID } from 'typeid-js';
import type { UserId } from '../../protocol/ids.ts';
import type { CustomerRef, CustomerRefKind, PaymentEvent, Store } from './payment-event.ts';

/** What can be bound to a person: names a store or messenger gives to customers, and subscriptions at stores. */
export type AliasKind = Exclude<CustomerRefKind, 'user' | 'email' | 'phone'> | `${Store}_subscription`;

export interface Alias {
  readonly kind: AliasKind;
  readonly value: string;
}

/** From `since` (ms) on an alias is this person's; the first binding counts from the beginning, 0. */
export interface AliasRow extends Alias {
  readonly since: number;
  readonly userId: UserId;
}

/** Who a name in an event stands for, and how much that says. */
export interface Claim {
  /**
   * `moved`: staff gave the name to them, which is the newest word on it. `known`: our own id, or a name that was theirs
   * before. `address`: an e-mail or phone that they proved to us; what was typed at a store may be somebody else's.
   * `device`: a device that was theirs before; people share devices.
   */
  readonly strength: 'moved' | 'known' | 'address' | 'device';
  readonly userId: UserId;
}

export type Whose =
  | { readonly outcome: 'owner'; readonly userId: UserId }
  | { readonly outcome: 'nobody' }
  /** Its names stand for more than one person: nobody gets it before somebody looked. */
  | { readonly outcome: 'two_owners' };

const STRENGTHS = ['moved', 'known', 'address', 'device'] as const;

/**
 * The strongest claims decide, if they agree.
 * @param granted who the transaction was granted to already; whoever else it is claimed for makes two owners
 */
export function whoseIs(claims: readonly Claim[], granted: UserId | null): Whose {
  const strongest = STRENGTHS.find((strength) => claims.some((claim) => claim.strength === strength));
  const deciding = claims.filter(({ strength }) => strength === strongest);
  // An address or a device says nothing against what was granted by a better name.
  const weak = strongest === 'address' || strongest === 'device';
  const users = new Set(granted !== null && weak ? [] : deciding.map(({ userId }) => userId));
  if (granted !== null) users.add(granted);
  const [userId] = users;
  if (users.size > 1) return { outcome: 'two_owners' };
  return userId === undefined ? { outcome: 'nobody' } : { outcome: 'owner', userId };
}

/** Whose an alias was at a moment (ms). Rows of one alias, in any order. */
export function aliasAt(rows: readonly AliasRow[], at: number): Claim | null {
  const inForce = rows.filter(({ since }) => since <= at).sort((a, b) => b.since - a.since)[0];
  return inForce ? { strength: strengthOf(inForce), userId: inForce.userId } : null;
}

const strengthOf = ({ kind, since }: AliasRow): Claim['strength'] => (since > 0 ? 'moved' : kind === 'device' ? 'device' : 'known');

/** The names of an event that become the person's once it is known who they are. */
export function aliasesOf(event: Pick<PaymentEvent, 'customerRefs' | 'signedByStore' | 'store' | 'storeSubscriptionId'>): Alias[] {
  const names = event.customerRefs.flatMap(({ kind, value }): Alias[] => {
    if (kind === 'user' || kind === 'email' || kind === 'phone') return [];
    return kind === 'device' && !event.signedByStore ? [] : [{ kind, value }];
  });
  const { store, storeSubscriptionId } = event;
  return storeSubscriptionId === null ? names : [...names, { kind: `${store}_subscription`, value: storeSubscriptionId }];
}

/** The id of ours that a name holds: as it is, or as the UUID that Apple wants; null: it holds none. */
export function ownIdIn({ kind, value }: CustomerRef): UserId | null {
  if (kind === 'user' || kind === 'google_account') return /^usr_[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(value) ? (value as UserId) : null;
  return kind === 'apple_account' && OWN_UUID.test(value) ? (TypeID.fromUUID('usr', value.toLowerCase()).toString() as UserId) : null;
}

/** Ours are of version 7 (`protocol/ids.ts`); an app of somebody else's making may have sent Apple any. */
const OWN_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** The UUID in an id of ours, as an app gives it to Apple with a purchase (`appAccountToken`). */
export const appleAccountOf = (userId: UserId): string => TypeID.fromString(userId).toUUID();
