/**
 * Captions of a call, decided without a browser: what each side may expect, and what this device has to do. Pure.
 *
 * The speaker's own device writes what it hears, and only while the other side reads. Between the two devices go:
 *
 *   reader: reads {langs} ──► speaker        (null: captions are off)
 *   reader ◄── writes {can} :speaker         (yes, no, not_yet: the language has to be fetched first)
 *   reader ◄── line {n, text, final} :speaker (an interim line is replaced by a later one of the same n)
 */
import * as z from 'zod/mini';

const langs = z.array(z.string().check(z.maxLength(35))).check(z.maxLength(10));
export const captionMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('reads'), langs: z.nullable(langs) }),
  z.object({ type: z.literal('writes'), can: z.enum(['yes', 'no', 'not_yet']) }),
  z.object({ type: z.literal('line'), n: z.int(), text: z.string().check(z.maxLength(2000)), final: z.boolean() }),
]);
export type CaptionMessage = z.infer<typeof captionMessage>;

export interface Line {
  readonly n: number;
  readonly text: string;
  readonly final: boolean;
}

export interface CaptionState {
  /** The two devices reach each other. */
  readonly open: boolean;
  /** In which languages this person reads captions; null: they are off. */
  readonly reads: readonly string[] | null;
  /** Whether the other's device writes what the other says. */
  readonly theirs: 'unknown' | 'yes' | 'no' | 'not_yet';
  /** What the other said last, oldest first. */
  readonly lines: readonly Line[];
  readonly speaks: readonly string[];
  /** In which languages the other reads; null: captions are off there, and nothing is written here. */
  readonly wantedBy: readonly string[] | null;
  /** Whether this device writes; `fetchable`: once it has fetched the language, which the person has to allow. */
  readonly mine: 'unknown' | 'able' | 'unable' | 'fetchable' | 'fetching';
  /** What this device writes, once it is asked to. */
  readonly lang: string | null;
  /** The call is active and the microphone is not muted. */
  readonly live: boolean;
  /** The recogniser runs. */
  readonly listening: boolean;
}

export type CaptionEvent =
  | { readonly type: 'opened' | 'closed' | 'waited' | 'fetch' }
  | { readonly type: 'preferred'; readonly reads: readonly string[] | null; readonly speaks: readonly string[] }
  | { readonly type: 'live'; readonly live: boolean }
  | { readonly type: 'told'; readonly message: CaptionMessage }
  | { readonly type: 'ability'; readonly lang: string; readonly mine: 'able' | 'unable' | 'fetchable' }
  | { readonly type: 'heard'; readonly line: Line }
  | { readonly type: 'broken' };

export type CaptionEffect =
  | { readonly type: 'send'; readonly message: CaptionMessage }
  /** Ask whether this device writes `lang`; the answer comes back as `ability`. */
  | { readonly type: 'ask'; readonly lang: string }
  | { readonly type: 'fetch'; readonly lang: string }
  | { readonly type: 'listen'; readonly lang: string }
  | { readonly type: 'stop' };

export const noCaptions: CaptionState = {
  open: false,
  reads: null,
  theirs: 'unknown',
  lines: [],
  speaks: [],
  wantedBy: null,
  mine: 'unknown',
  lang: null,
  live: false,
  listening: false,
};

/** What fits above the controls in large letters. */
const LINES = 3;
/** The end of a long sentence is what is being said; this much of it fits, in characters. */
export const LINE_LENGTH = 240;

interface Step {
  readonly state: CaptionState;
  readonly effects: readonly CaptionEffect[];
}

export function captionStep(state: CaptionState, event: CaptionEvent): Step {
  switch (event.type) {
    case 'opened':
      // Whoever was there before may have been another page: both say anew what they read and write.
      return following({ ...state, open: true, theirs: 'unknown', wantedBy: null }, [readsMessage(state)]);
    case 'closed':
      return following({ ...state, open: false, wantedBy: null });
    case 'waited':
      return following(state.reads !== null && state.theirs === 'unknown' ? { ...state, theirs: 'no' } : state);
    case 'preferred': {
      const next = { ...state, reads: event.reads, speaks: event.speaks };
      const same = JSON.stringify(event.reads) === JSON.stringify(state.reads);
      return following(
        event.reads === null ? { ...next, lines: [], theirs: 'unknown' } : next,
        state.open && !same ? [readsMessage(next)] : [],
      );
    }
    case 'live':
      return following({ ...state, live: event.live });
    case 'ability':
      if (event.lang !== state.lang) return { state, effects: [] };
      return following({ ...state, mine: event.mine }, state.wantedBy === null ? [] : [writesMessage(event.mine)]);
    case 'fetch':
      if (state.mine !== 'fetchable' || state.lang === null) return { state, effects: [] };
      return { state: { ...state, mine: 'fetching' }, effects: [{ type: 'fetch', lang: state.lang }] };
    case 'broken':
      return following({ ...state, mine: 'unable' }, state.wantedBy === null ? [] : [writesMessage('unable')]);
    case 'heard':
      // What was still on its way when they turned captions off, or muted, stays here.
      if (!state.listening || event.line.text.trim() === '') return { state, effects: [] };
      return {
        state,
        effects: [{ type: 'send', message: { type: 'line', ...event.line, text: event.line.text.trim().slice(-LINE_LENGTH) } }],
      };
    case 'told':
      return told(state, event.message);
  }
}

function told(state: CaptionState, message: CaptionMessage): Step {
  switch (message.type) {
    case 'reads': {
      if (message.langs === null) return following({ ...state, wantedBy: null });
      const lang = languageOf(state.speaks, message.langs);
      const asked = { ...state, wantedBy: message.langs, lang };
      // A device that was asked before knows its answer.
      if (lang === state.lang && state.mine !== 'unknown') return following(asked, [writesMessage(state.mine)]);
      return following({ ...asked, mine: 'unknown' }, [{ type: 'ask', lang }]);
    }
    case 'writes':
      return { state: state.reads === null ? state : { ...state, theirs: message.can }, effects: [] };
    case 'line': {
      if (state.reads === null) return { state, effects: [] };
      const { n, text, final } = message;
      const others = state.lines.filter((line) => line.n !== n);
      return {
        state: { ...state, theirs: 'yes', lines: [...others, { n, text, final }].sort((a, b) => a.n - b.n).slice(-LINES) },
        effects: [],
      };
    }
  }
}

/** Listens when, and only when, somebody reads, the device can, and the talk is live. */
function following(state: CaptionState, effects: readonly CaptionEffect[] = []): Step {
  const should = state.open && state.wantedBy !== null && state.mine === 'able' && state.live && state.lang !== null;
  if (should === state.listening || state.lang === null) return { state, effects };
  return {
    state: { ...state, listening: should },
    effects: [...effects, should ? { type: 'listen', lang: state.lang } : { type: 'stop' }],
  };
}

const readsMessage = ({ reads }: CaptionState): CaptionEffect => ({
  type: 'send',
  message: { type: 'reads', langs: reads === null ? null : [...reads] },
});

const writesMessage = (mine: CaptionState['mine']): CaptionEffect => ({
  type: 'send',
  message: { type: 'writes', can: mine === 'able' ? 'yes' : mine === 'unable' ? 'no' : 'not_yet' },
});

const base = (tag: string): string => tag.split('-')[0]?.toLowerCase() ?? tag;

/** The reader's first language that the speaker speaks too, in the speaker's own form of it; else the speaker's first. */
export function languageOf(speaks: readonly string[], reads: readonly string[]): string {
  const shared = reads.map((tag) => speaks.find((own) => base(own) === base(tag))).find((own) => own !== undefined);
  return shared ?? speaks[0] ?? 'en';
}

/** A tag with its region, as recognisers want it: as the device says, else the most usual one. */
export function withRegion(tag: string, device: readonly string[]): string {
  if (tag.includes('-')) return tag;
  const own = device.find((each) => each.includes('-') && base(each) === base(tag));
  if (own) return own;
  const { language, region } = new Intl.Locale(tag).maximize();
  return region ? `${language}-${region}` : tag;
}
