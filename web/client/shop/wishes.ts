/**
 * What this device keeps of buying, so that neither a reload nor a lost answer can pay twice or lose the way back: the key
 * of a wish that has no answer yet, and the payment that was begun with the page it was begun on.
 */
import { newKey } from '../api.ts';

/** The part of `localStorage` that is needed. */
export type BuyingShelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const WISH = 'hearthline.wish';
const BEGUN = 'hearthline.begun';
/** Stripe forgets keys after a day; a wish of yesterday is a new one, ms. */
const WISH_MS = 20 * 3_600_000;
/** So many wishes without an answer are remembered beside each other. */
const MOST_WISHES = 8;
/** A payment is over by then, one way or the other, ms. */
const BEGUN_MS = 48 * 3_600_000;

/** Somebody wants exactly this, paid in this way. */
export interface BuyingWish {
  readonly way: 'checkout' | 'card';
  readonly priceId: string;
  readonly card: string | null;
}

interface KeptWish {
  readonly key: string;
  readonly at: number;
}

/** A payment that was begun here. */
export interface BegunPayment {
  readonly intentId: string;
  /** A path of the app. */
  readonly backTo: string;
  readonly at: number;
}

const nameOf = ({ way, priceId, card }: BuyingWish): string => [way, priceId, card ?? ''].join(' ');

/** The wish's key: the same one for the same wish until it is answered, also after a reload. */
export function keyOfWish(shelf: BuyingShelf, wish: BuyingWish, now: number): string {
  const kept = wishes(shelf, now);
  const name = nameOf(wish);
  const known = kept.find(([of]) => of === name);
  if (known) return known[1].key;
  const key = newKey();
  shelf.setItem(WISH, JSON.stringify(Object.fromEntries([...kept, [name, { key, at: now }]].slice(-MOST_WISHES))));
  return key;
}

/** It was answered, so the next tap is a new wish. */
export function wishAnswered(shelf: BuyingShelf, wish: BuyingWish, now: number): void {
  const open = wishes(shelf, now).filter(([of]) => of !== nameOf(wish));
  if (open.length === 0) shelf.removeItem(WISH);
  else shelf.setItem(WISH, JSON.stringify(Object.fromEntries(open)));
}

const wishes = (shelf: BuyingShelf, now: number): [string, KeptWish][] =>
  Object.entries(read(shelf, WISH) ?? {})
    .filter((entry): entry is [string, KeptWish] => isKept(entry[1]))
    .filter(([, { at }]) => now - at < WISH_MS);

const isKept = (value: unknown): value is KeptWish =>
  typeof value === 'object' &&
  value !== null &&
  'key' in value &&
  typeof value.key === 'string' &&
  'at' in value &&
  typeof value.at === 'number';

export function keepBegun(shelf: BuyingShelf, begun: BegunPayment): void {
  shelf.setItem(BEGUN, JSON.stringify(begun));
}

/** What was begun here and may still be open; null: nothing. */
export function begunPayment(shelf: BuyingShelf, now: number): BegunPayment | null {
  const { intentId, backTo, at } = read(shelf, BEGUN) ?? {};
  if (typeof intentId !== 'string' || typeof backTo !== 'string' || typeof at !== 'number') return null;
  return isOwnPath(backTo) && now - at < BEGUN_MS ? { intentId, backTo, at } : null;
}

export const forgetBegun = (shelf: BuyingShelf): void => shelf.removeItem(BEGUN);

/** Nothing that lies on a shelf leads off this site. */
const isOwnPath = (path: string): boolean => /^\/(?![/\\])/.test(path);

function read(shelf: BuyingShelf, name: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(shelf.getItem(name) ?? 'null');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
