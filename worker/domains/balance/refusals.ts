/** Reads what the database refused with. Anything it does not know leaves the outcome unknown: D1 does not retry writes. */

/** Why the database said no to a whole batch; nothing of it was posted. */
export type RefusalReason =
  | 'floor'
  | 'grace_payer_limit'
  | 'grace_payee_limit'
  | 'grace_pair_limit'
  // What is included in the day is used up, or the day has turned since it was looked at.
  | 'allowance_left'
  | 'day_too_soon'
  // The piece that was open is used up; of the moments that are left all have expired; a lot was spent from while it expired.
  | 'piece_used_up'
  | 'moments_expired'
  | 'lot_moved';

export type BatchRefusal = RefusalReason | 'idempotency_conflict';

/** Words of the migration's CHECKs and RAISEs that a right caller can meet. */
const refusals: readonly (readonly [word: string, refusal: BatchRefusal])[] = [
  ['balance_floor', 'floor'],
  ['idempotency_conflict', 'idempotency_conflict'],
  ['grace_payer_limit', 'grace_payer_limit'],
  ['grace_payee_limit', 'grace_payee_limit'],
  ['grace_pair_limit', 'grace_pair_limit'],
  ['allowance_left', 'allowance_left'],
  ['day_too_soon', 'day_too_soon'],
  ['piece_used_up', 'piece_used_up'],
  ['moments_expired', 'moments_expired'],
  ['lot_moved', 'lot_moved'],
];

/** Words that only a wrong caller meets. Repeating would not help, so they are thrown on. */
const bugs = [
  'debt_ceiling',
  'unit_mismatch',
  'foreign_account',
  'wrong_event',
  'append_only',
  'amount_positive',
  'no_such_day',
  'UNIQUE constraint failed',
  'NOT NULL constraint failed',
];

/** What a batch failed with: a refusal, null where the outcome is unknown; a bug of the caller is thrown on. */
export function refusalOf(thrown: unknown): BatchRefusal | null {
  const words = wordsOf(thrown);
  const known = refusals.find(([word]) => words.includes(word));
  if (known) return known[1];
  if (bugs.some((word) => words.includes(word))) throw thrown;
  return null;
}

function wordsOf(thrown: unknown): string {
  let words = '';
  for (let cause: unknown = thrown; cause instanceof Error; cause = cause.cause) words += `${cause.message}\n`;
  return words;
}
