/**
 * What must hold after a crash, said by code that shares nothing with the code it judges but the tariff's numbers. Each
 * check takes facts and answers violations, so that planted ones can be shown to it (planted.ts).
 */
import type { Books } from './books.ts';
import type { Heard } from './ear.ts';
import type { Span } from './phone.ts';
import { DEAD_MS, type Side, sides } from './town.ts';

export interface Line {
  readonly party: Side;
  readonly n: number;
  readonly atSeconds: number;
  readonly unit: string;
  readonly amount: number;
  readonly paidBy: string;
}

/** One call at the end of its run. */
export interface CallFacts {
  readonly id: string;
  readonly fate: string;
  readonly state: string;
  readonly endReason: string | null;
  readonly settled: boolean;
  readonly connectedMs: number;
  readonly lines: readonly Line[];
  readonly totals: { readonly payer: number; readonly payee: number };
  readonly payerId: string;
  readonly payeeId: string;
  /** Balances (COIN of the payer, EARN of the payee) before the run and after it. */
  readonly before: { readonly payer: number; readonly payee: number };
  readonly after: { readonly payer: number; readonly payee: number };
  readonly spans: { readonly member: readonly Span[]; readonly companion: readonly Span[] };
}

/** A proof travels, and a busy machine sends its pings late. */
const SLACK_MS = 750;

/** The tariff's n-th checkpoint, from its numbers alone. */
export function checkpoint(side: Side, n: number): { atSeconds: number; amount: number } {
  const { checkpoints, atSeconds, then } = sides[side];
  const amount = checkpoints[n];
  const second = atSeconds[n];
  if (amount !== undefined && second !== undefined) return { atSeconds: second, amount };
  const beyond = n - checkpoints.length + 1;
  return { atSeconds: (atSeconds.at(-1) ?? 0) + beyond * then.everySeconds, amount: then.amount };
}

/** Longest time both can have proved: what lies in spans of both, a silence up to `DEAD_MS` bridged. */
export function mostMs({ member, companion }: CallFacts['spans']): number {
  const bridge = (spans: readonly Span[]): Span[] => {
    const all: { from: number; to: number }[] = [];
    for (const { from, to } of spans) {
      const last = all.at(-1);
      if (last && from - last.to <= DEAD_MS + SLACK_MS) last.to = to;
      else all.push({ from, to });
    }
    return all;
  };
  let both = 0;
  for (const a of bridge(member)) {
    for (const b of bridge(companion)) both += Math.max(0, Math.min(a.to, b.to) + SLACK_MS - Math.max(a.from, b.from));
  }
  return both;
}

/** A call whose order was cut off is swept after a minute, at the next jobs; a run of ours may pass between them. */
const SWEPT_MS = 240_000;

/** Ends for which the last checkpoint may be reached and not paid. */
const unpaidEnds = new Set(['balance_exhausted', 'billing_unavailable']);

export function checkCall(call: CallFacts): string[] {
  const wrong: string[] = [];
  const say = (what: string): void => void wrong.push(`${call.id} (${call.fate}, ${call.endReason}): ${what}`);
  if (call.state !== 'ended') say(`is still ${call.state}`);
  if (!call.settled) say('is not settled');
  if (call.endReason === null) say('has no end reason');
  for (const side of ['payer', 'payee'] as const) checkSide(call, side, say);
  const most = mostMs(call.spans);
  if (call.connectedMs > most) say(`${call.connectedMs} ms connected, but both proved ${most} ms at most`);
  if (call.before.payer - call.after.payer !== call.totals.payer)
    say(`the payer's balance moved by ${call.after.payer - call.before.payer}, the receipt says -${call.totals.payer}`);
  if (call.after.payee - call.before.payee !== call.totals.payee)
    say(`the payee's balance moved by ${call.after.payee - call.before.payee}, the receipt says ${call.totals.payee}`);
  return wrong;
}

function checkSide(call: CallFacts, side: Side, say: (what: string) => void): void {
  const lines = call.lines.filter(({ party }) => party === side).sort((a, b) => a.n - b.n);
  for (const [n, line] of lines.entries()) {
    const due = checkpoint(side, n);
    if (line.n !== n) {
      say(`${side}: checkpoint ${n} is missing or doubled`);
      return;
    }
    if (line.atSeconds !== due.atSeconds || line.amount !== due.amount)
      say(`${side}: checkpoint ${n} is ${line.amount} at ${line.atSeconds} s, not ${due.amount} at ${due.atSeconds} s`);
    if (line.atSeconds * 1_000 > call.connectedMs) say(`${side}: charged at ${line.atSeconds} s of ${call.connectedMs} ms`);
  }
  const next = checkpoint(side, lines.length);
  const reached = call.connectedMs > 0 && next.atSeconds * 1_000 <= call.connectedMs;
  if (reached && !unpaidEnds.has(call.endReason ?? '')) say(`${side}: checkpoint ${lines.length} at ${next.atSeconds} s was not posted`);
  const paid = lines.filter(({ paidBy }) => side === 'payee' || paidBy === 'coins').reduce((sum, { amount }) => sum + amount, 0);
  if (paid !== call.totals[side]) say(`${side}: the lines come to ${paid}, the total says ${call.totals[side]}`);
  if (side === 'payee') {
    const unpaid = checkpoint('payer', call.lines.filter(({ party }) => party === 'payer').length);
    const latest = lines.at(-1)?.atSeconds ?? -1;
    if (latest >= unpaid.atSeconds) say(`the payee earned at ${latest} s, the payer's checkpoint at ${unpaid.atSeconds} s is not paid`);
  }
}

/** A companion's device must have heard every number once and in order, and every call that rang, once. */
export function checkEar(heard: Heard, call: Pick<CallFacts, 'id' | 'endReason'> | null): string[] {
  const wrong: string[] = [];
  const expected = heard.seqs.map((_, n) => heard.from + 1 + n);
  if (heard.gap || heard.seqs.some((seq, n) => seq !== expected[n]))
    wrong.push(`the hub's sequence after ${heard.from} came as ${heard.seqs.join(' ')}${heard.gap ? ' with a gap' : ''}`);
  if (call === null) return wrong;
  const rang = heard.rang.get(call.id) ?? 0;
  // A call whose caller gave up before it could ring is announced to nobody.
  if (rang > 1 || (rang === 0 && call.endReason !== 'cancelled' && call.endReason !== 'refused'))
    wrong.push(`${call.id} (${call.endReason}) rang ${rang} times`);
  if (rang > 0 && heard.updated.get(call.id) !== 'ended') wrong.push(`${call.id} was last heard of as ${heard.updated.get(call.id)}`);
  return wrong;
}

/** What the proof endpoint must say. */
export function checkProof(proof: {
  units: readonly { unit: string; sum: number; mismatches: number; belowFloor: number }[];
  pairs: { missing: number };
  outbox: { waiting: number; parked: number };
  seals: { broken: number };
  violations: readonly string[];
}): string[] {
  return [
    ...(proof.units.length === 0 ? ['proof: no units'] : []),
    ...proof.units.flatMap(({ unit, sum, mismatches, belowFloor }) =>
      sum === 0 && mismatches === 0 && belowFloor === 0
        ? []
        : [`proof: ${unit} sum ${sum}, ${mismatches} mismatches, ${belowFloor} below the floor`],
    ),
    ...(proof.pairs.missing === 0 ? [] : [`proof: ${proof.pairs.missing} halves are nowhere`]),
    ...(proof.outbox.waiting + proof.outbox.parked === 0 ? [] : [`proof: ${proof.outbox.waiting} wait, ${proof.outbox.parked} are parked`]),
    ...(proof.seals.broken === 0 ? [] : [`proof: ${proof.seals.broken} seals are broken`]),
    ...proof.violations.map((line) => `proof: ${line}`),
  ];
}

/**
 * The databases themselves against what the calls say.
 * @param now ms since the epoch
 */
export function checkBooks(books: Books, calls: readonly CallFacts[], now: number): string[] {
  const wrong: string[] = [];
  if (books.hubs === 0) wrong.push('no hub was read');
  for (const callId of books.locks) wrong.push(`a busy lock of ${callId} is left`);
  wrong.push(...books.mismatches);
  for (const [unit, sum] of Object.entries(books.sums)) if (sum !== 0) wrong.push(`${unit} sums to ${sum}`);
  if (books.waiting > 0) wrong.push(`${books.waiting} second halves wait in an outbox`);
  const known = new Set(calls.map(({ id }) => id));
  for (const row of books.unsettled)
    if (known.has(row.id) || now - row.createdAt > SWEPT_MS) wrong.push(`${row.id} is ${row.state} and not settled in its row`);
  const postings = new Map<string, { moved: number; owner: string }[]>();
  for (const posting of books.postings) {
    const id = posting.key.split(':')[1] ?? '';
    if (!known.has(id)) continue;
    postings.set(posting.key, [...(postings.get(posting.key) ?? []), posting]);
  }
  for (const call of calls) {
    for (const line of call.lines) {
      const key = `call:${call.id}:${line.party}:${line.n}`;
      const found = postings.get(key) ?? [];
      postings.delete(key);
      const owner = line.party === 'payer' ? call.payerId : call.payeeId;
      const moved = line.party === 'payee' ? line.amount : line.paidBy === 'coins' ? -line.amount : 0;
      if (found.length !== 1) wrong.push(`${key} stands ${found.length} times in the books`);
      else if (found[0]?.owner !== owner || found[0].moved !== moved)
        wrong.push(`${key} moved ${found[0]?.moved} for ${found[0]?.owner}, the receipt says ${moved}`);
    }
    const now = { payer: books.balances.get(`${call.payerId}:COIN`) ?? 0, payee: books.balances.get(`${call.payeeId}:EARN`) ?? 0 };
    for (const side of ['payer', 'payee'] as const)
      if (now[side] !== call.after[side])
        wrong.push(`${call.id}: the ${side}'s balance in the books is ${now[side]}, the API said ${call.after[side]}`);
  }
  for (const key of postings.keys()) wrong.push(`${key} is posted and on no receipt`);
  return wrong;
}
