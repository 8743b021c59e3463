/**
 * What pays beside coins, as a model of `migrations/ledger/0003_means.sql` and what followed it: days of allowance, lots of
 * moments, pieces of company, with the same refusals. One of these a shard.
 */

import type { MeansUse } from '../../worker/domains/balance/service.ts';
import type { UserId } from '../../worker/protocol/ids.ts';
import type { Posting, Transfer } from './ledger-model.ts';
import { DAY_MS } from './zones.ts';

export interface Day {
  readonly beganAt: number;
  plan: string;
  seconds: number;
  messages: number;
  secondsUsed: number;
  messagesUsed: number;
}

export interface Lot {
  readonly id: string;
  readonly amount: number;
  used: number;
  readonly expiresAt: number;
}

export interface Piece {
  readonly key: string;
  readonly owner: UserId;
  readonly peer: UserId;
  readonly parts: number;
  used: number;
  readonly openedAt: number;
  usedAt: number;
}

/** Why the database would refuse a batch. */
export type MeansRefusal = 'day_too_soon' | 'allowance_left' | 'piece_used_up' | 'moments_expired' | 'lot_moved';

const SHORTEST_DAY_MS = 20 * 3_600_000;
/** How long a lot lives unless its posting says otherwise. */
export const LOT_MS = 180 * DAY_MS;

export class MeansModel {
  readonly days = new Map<UserId, Day[]>();
  readonly lots = new Map<UserId, Lot[]>();
  readonly pieces = new Map<string, Piece>();
  private readonly running = new Map<UserId, Piece[]>();

  // ── reading, as the services do ────────────────────────────────────────────────────────────────────────

  /** The newest day that began by `at`, the oldest that began later. */
  daysAround(owner: UserId, at: number): { before: Day | null; after: Day | null } {
    let before: Day | null = null;
    let after: Day | null = null;
    for (const day of this.days.get(owner) ?? []) {
      if (day.beganAt <= at && (before === null || day.beganAt > before.beganAt)) before = day;
      if (day.beganAt > at && (after === null || day.beganAt < after.beganAt)) after = day;
    }
    return { before, after };
  }

  /** Pieces with something left that were last used after `since`, the oldest first. */
  piecesWith(owner: UserId, peer: UserId, since: number): Piece[] {
    const found = (this.running.get(owner) ?? []).filter(
      (piece) => piece.peer === peer && piece.usedAt > since && piece.used < piece.parts,
    );
    return found.sort((a, b) => a.openedAt - b.openedAt || (a.key < b.key ? -1 : 1));
  }

  /** Lots with something left, the first to expire first. */
  openLots(owner: UserId): Lot[] {
    return (this.lots.get(owner) ?? []).filter(({ used, amount }) => used < amount).sort(byExpiry);
  }

  overdue(now: number): { owner: UserId; lot: Lot }[] {
    return [...this.lots].flatMap(([owner, lots]) =>
      lots.filter(({ used, amount, expiresAt }) => used < amount && expiresAt <= now).map((lot) => ({ owner, lot })),
    );
  }

  // ── what a batch may do ────────────────────────────────────────────────────────────────────────────────

  /** What a use of means is refused with; null where it is there. */
  refusal(posting: Posting, use: MeansUse): MeansRefusal | null {
    if (use.means === 'piece') {
      const piece = this.pieces.get(use.piece);
      return piece === undefined || piece.used >= piece.parts ? 'piece_used_up' : null;
    }
    if (use.means === 'new_piece') return null;
    const days = this.days.get(posting.owner) ?? [];
    const { beganAt, seconds, messages } = use.day;
    const day = days.find((one) => one.beganAt === beganAt);
    if (day === undefined && days.some((one) => Math.abs(one.beganAt - beganAt) < SHORTEST_DAY_MS)) return 'day_too_soon';
    // A plan that is less takes nothing back of what was used.
    const within = (limit: number, used: number, takes: number) => used + takes <= Math.max(limit, used);
    const fits = within(seconds, day?.secondsUsed ?? 0, use.seconds) && within(messages, day?.messagesUsed ?? 0, use.messages);
    return fits ? null : 'allowance_left';
  }

  /** Lots that a debit of moments may take from: what is spent comes from those that live, an expiry takes its own alone. */
  eligible(posting: Posting): Lot[] {
    return this.openLots(posting.owner).filter(({ id, expiresAt }) =>
      posting.kind === 'expiry' ? id === posting.ref : posting.kind !== 'piece' || expiresAt > posting.eventAt,
    );
  }

  /** What a debit of moments is refused with; null where lots have it. */
  lotRefusal(posting: Posting, amount: number): MeansRefusal | null {
    const there = this.eligible(posting).reduce((sum, lot) => sum + lot.amount - lot.used, 0);
    if (there < amount) return 'moments_expired';
    return posting.kind === 'expiry' && there > amount ? 'lot_moved' : null;
  }

  // ── what a batch does ──────────────────────────────────────────────────────────────────────────────────

  /** One transfer of moments to or from an owner moves lots. */
  moved(posting: Posting, { from, to, unit, amount }: Transfer): void {
    if (unit !== 'MOMENT') return;
    const own = `${posting.owner}:MOMENT`;
    if (to === own) {
      const lots = this.lots.get(posting.owner) ?? [];
      lots.push({ id: `lot_${posting.id}`, amount, used: 0, expiresAt: posting.expiresAt ?? posting.at + LOT_MS });
      this.lots.set(posting.owner, lots);
    }
    if (from === own) this.take(posting, amount);
  }

  take(posting: Posting, amount: number): void {
    let left = amount;
    for (const lot of this.eligible(posting)) {
      const taken = Math.min(left, lot.amount - lot.used);
      lot.used += taken;
      left -= taken;
    }
  }

  /** Uses means up under the posting's key. */
  consume(posting: Posting, use: MeansUse): void {
    if (use.means === 'allowance') this.consumeDay(posting, use);
    else this.consumePiece(posting, use);
  }

  private consumeDay({ owner }: Posting, { day: terms, seconds, messages }: Extract<MeansUse, { means: 'allowance' }>): void {
    const days = this.days.get(owner) ?? [];
    let day = days.find(({ beganAt }) => beganAt === terms.beganAt);
    if (day === undefined) {
      day = { ...terms, secondsUsed: 0, messagesUsed: 0 };
      days.push(day);
      this.days.set(owner, days);
    }
    day.plan = terms.plan;
    day.seconds = Math.max(terms.seconds, day.secondsUsed);
    day.messages = Math.max(terms.messages, day.messagesUsed);
    day.secondsUsed += seconds;
    day.messagesUsed += messages;
  }

  private consumePiece({ key, owner, eventAt }: Posting, use: Exclude<MeansUse, { means: 'allowance' }>): void {
    if (use.means === 'new_piece') {
      const opened: Piece = { key, owner, peer: use.peer, parts: use.size, used: 0, openedAt: eventAt, usedAt: eventAt };
      this.pieces.set(key, opened);
      const all = this.running.get(owner) ?? [];
      all.push(opened);
      this.running.set(owner, all);
    }
    const piece = this.pieces.get(use.means === 'new_piece' ? key : use.piece);
    if (piece === undefined) return;
    piece.used = Math.min(piece.parts, piece.used + use.parts);
    piece.usedAt = Math.max(piece.usedAt, eventAt);
  }
}

const byExpiry = (a: Lot, b: Lot): number => a.expiresAt - b.expiresAt || (a.id < b.id ? -1 : 1);
