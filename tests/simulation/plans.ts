/** What people mean to do and what goes wrong around them: drawn from the seed when a call begins, carried out by `people.ts`. */
import type { CallMedia } from '../../worker/protocol/call/call.ts';
import type { Random } from './random.ts';

export type Side = 'caller' | 'callee';

/** Something that goes wrong for one side, counted from the moment they first have media. */
export interface Trouble {
  readonly side: Side;
  readonly atMs: number;
  readonly forMs: number;
  readonly kind:
    | 'offline' // no network: the socket breaks
    | 'asleep' // the socket stays, nothing comes: an app put away
    | 'reload' // a new socket takes the call back
    | 'mute_media'; // the socket lives, media broke
}

export interface Plan {
  readonly media: CallMedia;
  /** ms after the first ring that the callee answers with their first device; null: looks away. */
  readonly answers: number | null;
  /** The second device answers so many ms after the first; null: has none. */
  readonly secondAnswers: number | null;
  readonly declines: boolean;
  /** The caller gives up so many ms after placing; null: waits. */
  readonly cancels: number | null;
  /** ms from having credentials to `media.connected`; null: never. */
  readonly mediaUp: Record<Side, number | null>;
  /** Reports `media.failed` first. */
  readonly mediaFails: boolean;
  /** ms after having media that somebody hangs up; null: nobody does. */
  readonly talks: number | null;
  readonly hangsUp: Side | 'both';
  readonly troubles: readonly Trouble[];
  /** Tops up when told that the balance runs low, after so many ms. */
  readonly topUp: { readonly afterMs: number; readonly amount: number } | null;
  /** ms after media at which a block or a moderator ends it. */
  readonly stopped: { readonly reason: 'blocked' | 'moderated'; readonly atMs: number } | null;
  /** A bank takes a purchase back in mid-call, so many ms after media. */
  readonly chargeBack: { readonly atMs: number; readonly amount: number } | null;
  /** `insists`: asks and takes back so many times in a row, a few hundred ms apart. */
  readonly mediaChange: { readonly atMs: number; readonly by: Side; readonly agreed: boolean; readonly insists: number } | null;
  /** Resumes after an exhausted balance, so many ms after its end. */
  readonly resumes: number | null;
}

export function draw(random: Random, tempo: { readonly calm: boolean }): Plan {
  const rough = !tempo.calm;
  const mood = random.unit();
  const talks = random.chance(0.9) ? Math.round(talkMs(random)) : null;
  return {
    media: random.chance(0.5) ? 'audio' : 'video',
    answers: mood < 0.86 ? random.int(300, 9_000) : mood < 0.9 ? random.int(25_000, 50_000) : null,
    secondAnswers: random.chance(0.12) ? random.int(-800, 800) : null,
    declines: mood >= 0.95,
    cancels: random.chance(0.08) ? random.int(0, random.chance(0.5) ? 1_500 : 35_000) : null,
    mediaUp: { caller: mediaUp(random), callee: mediaUp(random) },
    mediaFails: random.chance(0.03),
    talks,
    hangsUp: random.chance(0.1) ? 'both' : random.chance(0.5) ? 'caller' : 'callee',
    troubles: rough ? troubles(random, talks ?? 200_000) : [],
    topUp: random.chance(0.3) ? { afterMs: random.int(0, 20_000), amount: random.pick([5, 60, 120, 500]) } : null,
    stopped: random.chance(0.05) ? { reason: random.pick(['blocked', 'moderated'] as const), atMs: random.int(-3_000, 150_000) } : null,
    chargeBack: random.chance(0.06) ? { atMs: random.int(0, 90_000), amount: random.pick([20, 100, 600]) } : null,
    mediaChange: random.chance(0.06)
      ? {
          atMs: random.int(500, 120_000),
          by: random.pick(['caller', 'callee'] as const),
          agreed: random.chance(0.7),
          insists: random.chance(0.1) ? random.int(5, 30) : 0,
        }
      : null,
    resumes: random.chance(0.5) ? random.int(500, 150_000) : null,
  };
}

/** Short calls mostly, some of minutes; many end within a breath of a checkpoint, where mistakes live. */
function talkMs(random: Random): number {
  if (random.chance(0.35)) return random.pick([0, 20_000, 60_000, 120_000, 180_000]) + random.int(-400, 400);
  const long = random.unit();
  return 1_000 + long * long * 260_000;
}

const mediaUp = (random: Random): number | null =>
  random.chance(0.96) ? random.int(200, 2_500) : random.chance(0.5) ? random.int(15_000, 25_000) : null;

function troubles(random: Random, within: number): Trouble[] {
  const list: Trouble[] = [];
  while (list.length < 5 && random.chance(0.45)) {
    list.push({
      side: random.pick(['caller', 'callee'] as const),
      atMs: random.int(-2_000, Math.max(2_000, within)),
      forMs: random.pick([1_000, 4_000, 9_000, 14_000, 15_500, 20_000, 40_000, 70_000, 100_000]) + random.int(-300, 300),
      kind: random.pick(['offline', 'offline', 'asleep', 'asleep', 'reload', 'mute_media'] as const),
    });
  }
  return list;
}
