/** Staff: payments themselves, what a refund of one would do, and all that a person pays by. */
import * as z from 'zod/mini';
import { idOf, userId } from '../ids.ts';
import { ownMeans } from '../means.ts';
import { unit } from '../money.ts';
import { page, pageQuery, wholeNumber } from '../paging.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';
import { paymentStore, purchase } from './payment-events.ts';
import { automatic, money, spending } from './shop.ts';
import { refundOrder } from './shop-desk.ts';

const paymentId = idOf('pur');

/** A payment with what only staff see of it. */
export const deskPayment = z.extend(purchase, {
  userId,
  /** The store's own name of it. */
  transactionId: z.string(),
  /** Of the posting that granted it. */
  postingKey: z.string(),
  /** Whether it is in the books. */
  posted: z.boolean(),
  /** The first event that told it. */
  eventId: idOf('pev'),
});
export type DeskPayment = z.infer<typeof deskPayment>;

export const listPayments = endpoint({
  name: 'listPayments',
  method: 'GET',
  path: '/admin/payments',
  tag: 'payments',
  summary: 'What somebody bought, newest first; or the one payment behind a store’s name of it',
  access: 'payments.read',
  query: z
    .strictObject({
      ...pageQuery,
      userId: z.optional(userId),
      store: z.optional(paymentStore),
      transactionId: z.optional(z.string().check(z.minLength(1), z.maxLength(500))),
    })
    .check(
      z.refine(
        ({ userId, store, transactionId }) => (userId === undefined) === (store !== undefined && transactionId !== undefined),
        'ask by userId, or by store and transactionId',
      ),
    ),
  status: 200,
  answer: page(deskPayment),
});

const byId = z.strictObject({ id: paymentId });

export const readPayment = endpoint({
  name: 'readPayment',
  method: 'GET',
  path: '/admin/payments/:id',
  tag: 'payments',
  summary: 'One payment, with the refunds of it that staff ordered',
  access: 'payments.read',
  params: byId,
  status: 200,
  answer: z.object({ payment: deskPayment, refunds: z.array(refundOrder) }),
});

/** What a refund would do, as things stand. */
export const refundPreview = z.object({
  /** What would go back. */
  money,
  /** What of the payment could go back at most. */
  left: money,
  /** What it takes of what was granted; null for a plan. */
  takes: z.nullable(z.object({ unit, amount: z.int() })),
  /** The balance now and then, and what the person would owe then (0 or less); null for a plan. */
  balance: z.nullable(z.object({ before: z.int(), after: z.int(), debt: z.int() })),
  /** The plan's period ends with it. */
  endsPeriod: z.boolean(),
  /** It is above the limit: a second person decides. */
  needsApproval: z.boolean(),
});
export type RefundPreview = z.infer<typeof refundPreview>;

export const previewRefund = endpoint({
  name: 'previewRefund',
  method: 'GET',
  path: '/admin/payments/:id/refund',
  tag: 'payments',
  summary: 'What a refund of this much would do; nothing moves',
  access: 'payments.refund',
  params: byId,
  query: z.strictObject({
    /** In the smallest unit; left out: all that is left. */
    amount: z.optional(wholeNumber(1, 100_000_000)),
  }),
  status: 200,
  answer: z.object({ preview: refundPreview }),
  errors: ['not_refundable'],
});

export const wallet = z.object({
  /** What pays for their time; null where their pricing model is not open. */
  means: z.nullable(ownMeans),
  /** The subscription that counts; null: they never had one. */
  subscription: z.nullable(
    z.object({
      plan: z.object({ id: z.string(), name: z.string() }),
      state: z.enum(['active', 'grace', 'paused', 'cancelled', 'expired']),
      until: timestamp,
    }),
  ),
  spending,
  automatic: z.nullable(automatic),
});
export type Wallet = z.infer<typeof wallet>;

export const readWalletOf = endpoint({
  name: 'readWalletOf',
  method: 'GET',
  path: '/admin/people/:id/wallet',
  tag: 'payments',
  summary: 'What somebody pays by: plan, allowance, moments with their lots, coins; and the limits they set themselves',
  access: 'payments.read',
  params: z.strictObject({ id: userId }),
  status: 200,
  answer: z.object({ wallet }),
});
