/** What the room has to ask the house: who is blocked, what a message costs, how long one may change one's mind. */
import { hiddenFrom } from '../../worker/domains/blocklist/service.ts';
import type { MessageTerms } from '../../worker/domains/pricing/port.ts';
import { quoteMessage } from '../../worker/domains/pricing/service.ts';
import { chatSettings } from '../../worker/domains/settings/service.ts';
import { usersByIds } from '../../worker/domains/user/service.ts';
import type { Context } from '../../worker/platform/context.ts';
import type { ChatClosed } from '../../worker/platform/stubs.ts';
import type { UserId } from '../../worker/protocol/ids.ts';
import type { MonetizationVersion } from '../../worker/protocol/people.ts';
import type { FrameBudget } from '../kit/patience.ts';
import { isPresent, type Person, type Windows } from './core/state.ts';

export interface Terms {
  readonly closed: ChatClosed;
  readonly price: MessageTerms | null;
  /** Which pricing model each of those present pays by. */
  readonly versions: ReadonlyMap<UserId, MonetizationVersion>;
  readonly windows: Windows;
  readonly budget: FrameBudget;
}

/** Frames a device may send, a second; the burst is what it may send at once, after an absence. */
const FRAMES_PER_SECOND = 20;
const BURST_SECONDS = 10;
/** As much as anybody likes: a developer's machine is nobody else's. */
const UNBOUNDED = 1_000_000;

/** @throws what the database throws */
export async function readTerms(ctx: Context, people: readonly Person[]): Promise<Terms> {
  const present = people.filter(isPresent);
  const ids = present.map(({ userId }) => userId);
  const members = present.filter(({ role }) => role === 'member').map(({ userId }) => userId);
  const [users, hidden, price, settings] = await Promise.all([
    usersByIds(ctx, ids),
    Promise.all(members.map((member) => hiddenFrom(ctx, member))),
    quoteMessage(ctx),
    chatSettings(ctx),
  ]);
  // It is with whom the member sees, also while another answers for them.
  const own = people.find(({ role }) => role === 'companion');
  const blocked = hidden.some((of) => ids.some((id) => of.has(id)) || (own && of.has(own.userId)));
  const perSecond = settings.framesPerSecond ?? (ctx.env.ENVIRONMENT === 'local' ? UNBOUNDED : FRAMES_PER_SECOND);
  return {
    closed: ids.some((id) => !users.has(id)) ? 'gone' : blocked ? 'blocked' : null,
    price,
    versions: new Map([...users].map(([id, user]) => [id, user.monetizationVersion])),
    windows: { editMs: settings.editWindowMs, deleteMs: settings.deleteWindowMs },
    budget: { burst: perSecond * BURST_SECONDS, perSecond },
  };
}

/** A look older than this is too old for a new device, or for a message that came by itself, ms. */
export const FRESH_MS = 1_500;
/** A look older than this is repeated in the background when it is used, ms. */
const AGEING_MS = 30_000;
/** A look older than this is used no more, ms. */
const STALE_MS = 300_000;

/** Keeps the last look at the house. */
export class TermsAtHand {
  readonly #read: () => Promise<Terms>;
  readonly #learned: (terms: Terms) => void;
  #held: { readonly terms: Terms; readonly at: number } | null = null;
  #reading: { readonly at: number; readonly terms: Promise<Terms> } | null = null;

  /** @param learned told of every look, unless something has changed during it */
  constructor(read: () => Promise<Terms>, learned: (terms: Terms) => void) {
    this.#read = read;
    this.#learned = learned;
  }

  /** What is known without asking; null where that is too old, or nothing is. One that ages is asked for on the side. */
  atHand(now: number, aside: (work: Promise<unknown>) => void): Terms | null {
    if (!this.#held || now - this.#held.at > STALE_MS) return null;
    if (now - this.#held.at > AGEING_MS && !this.#reading) aside(this.#look(now));
    return this.#held.terms;
  }

  /**
   * A look that is not older than `FRESH_MS`; where the house does not answer, the last one that is not stale.
   * @throws what the database throws
   */
  async fresh(now: number): Promise<Terms> {
    if (this.#held && Math.abs(now - this.#held.at) <= FRESH_MS) return this.#held.terms;
    try {
      return await this.#look(now);
    } catch (thrown) {
      if (this.#held && now - this.#held.at <= STALE_MS) return this.#held.terms;
      throw thrown;
    }
  }

  /** Something has changed that a look under way may have missed. */
  forget(): void {
    this.#held = null;
    this.#reading = null;
  }

  #look(now: number): Promise<Terms> {
    if (this.#reading) return this.#reading.terms;
    const reading: { readonly at: number; readonly terms: Promise<Terms> } = {
      at: now,
      terms: this.#read()
        .then((terms) => {
          // Overtaken: what it says may be over.
          if (this.#reading !== reading) return this.fresh(now);
          this.#held = { terms, at: now };
          this.#learned(terms);
          return terms;
        })
        .finally(() => {
          if (this.#reading === reading) this.#reading = null;
        }),
    };
    this.#reading = reading;
    return reading.terms;
  }
}
