/** What a companion earned, and how each number came about. */
import * as z from 'zod/mini';
import { callId, postingId, tariffId } from '../ids.ts';
import { unit } from '../money.ts';
import { page, pageQuery } from '../paging.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';

const date = z.iso.date();

export const earningDay = z.object({
  /** In the companion's time zone. */
  date,
  amount: z.int(),
  /** Calls that earned something on that day. */
  calls: z.int(),
});

export const readEarnings = endpoint({
  name: 'readEarnings',
  method: 'GET',
  path: '/me/earnings',
  tag: 'earnings',
  summary: 'Earned today, this week (from Monday) and in all; the last 30 days, newest first, those without earnings left out',
  access: 'earnings.read',
  status: 200,
  answer: z.object({
    unit,
    today: z.int(),
    week: z.int(),
    total: z.int(),
    days: z.array(earningDay),
    timeZone: z.string(),
  }),
});

export const earning = z.object({
  id: postingId,
  at: timestamp,
  /** Signed; an adjustment may take. */
  amount: z.int(),
  kind: z.string(),
  callId: z.nullable(callId),
});

export const listEarnings = endpoint({
  name: 'listEarnings',
  method: 'GET',
  path: '/me/earnings/items',
  tag: 'earnings',
  summary: 'Every single earning, newest first; of one day or one call where asked',
  access: 'earnings.read',
  query: z.strictObject({ ...pageQuery, date: z.optional(date), callId: z.optional(callId) }),
  status: 200,
  answer: page(earning),
});

export const explainedEarning = z.object({
  ...earning.shape,
  unit,
  /** What it follows from; null for what is not paid by a tariff (an adjustment). */
  formula: z.nullable(
    z.object({
      tariff: z.object({ id: tariffId, name: z.string(), version: z.int() }),
      /** The checkpoint: its number in the companion's schedule, from 0, and its second of the call. */
      checkpoint: z.object({ n: z.int(), atSeconds: z.int() }),
      /** What the tariff says for it. */
      tariffAmount: z.int(),
      /** `1.00`; the sum of 1 and its parts. amount = tariffAmount × multiplier, half rounded up. */
      multiplier: z.string(),
      parts: z.array(z.object({ key: z.string(), value: z.string() })),
    }),
  ),
});
export type ExplainedEarning = z.infer<typeof explainedEarning>;

export const explainEarning = endpoint({
  name: 'explainEarning',
  method: 'GET',
  path: '/me/earnings/:id',
  tag: 'earnings',
  summary: 'How one number came about: tariff and version, checkpoint, multiplier and its parts, call',
  access: 'earnings.read',
  params: z.strictObject({ id: postingId }),
  status: 200,
  answer: z.object({ earning: explainedEarning }),
});
