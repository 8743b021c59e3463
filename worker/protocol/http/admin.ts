/** Staff: settings, adjustments, the ledger's proof, the audit. */
import * as z from 'zod/mini';
import { idOf, userId } from '../ids.ts';
import { delta, unit, unitAmount } from '../money.ts';
import { page, pageQuery } from '../paging.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';

export const setting = z.object({
  key: z.string(),
  value: z.unknown(),
  default: z.unknown(),
  description: z.string(),
  changedAt: z.nullable(timestamp),
});

export const listSettings = endpoint({
  name: 'listSettings',
  method: 'GET',
  path: '/admin/settings',
  tag: 'settings',
  summary: 'Every setting with its value and default',
  access: 'settings.read',
  status: 200,
  answer: z.object({ items: z.array(setting), nextCursor: z.nullable(z.string()) }),
});

export const changeSetting = endpoint({
  name: 'changeSetting',
  method: 'PUT',
  path: '/admin/settings/:key',
  tag: 'settings',
  summary: 'Change a setting; calls that begin from now on follow it',
  access: 'settings.edit',
  params: z.strictObject({ key: z.string().check(z.maxLength(80)) }),
  body: z.strictObject({
    value: z.unknown(),
    /** `changedAt` as the editor saw it; where it has moved on since, nothing is written. */
    seenChangedAt: z.optional(z.nullable(timestamp)),
  }),
  status: 200,
  answer: z.object({ setting }),
  errors: ['version_conflict'],
});

export const adjustBalance = endpoint({
  name: 'adjustBalance',
  method: 'POST',
  path: '/admin/adjustments',
  tag: 'ledger',
  summary: 'Add to or take from a balance with a reason; above the limit a second person must approve',
  access: 'ledger.adjust',
  idempotencyKey: true,
  body: z.strictObject({
    userId,
    unit,
    amount: delta.check(z.refine((amount) => amount !== 0, 'must not be 0')),
    reason: z.string().check(z.trim(), z.minLength(3), z.maxLength(500)),
  }),
  status: 201,
  answer: z.object({ adjustmentId: idOf('adj'), postingId: idOf('pst'), balances: z.array(unitAmount) }),
  also: { status: 202, answer: z.object({ approvalId: idOf('apr') }) },
  errors: ['insufficient_funds'],
});

export const approval = z.object({
  id: idOf('apr'),
  state: z.enum(['waiting', 'approved', 'rejected']),
  requestedBy: userId,
  decidedBy: z.nullable(userId),
  userId,
  unit,
  amount: z.int(),
  reason: z.string(),
  createdAt: timestamp,
});

export const listApprovals = endpoint({
  name: 'listApprovals',
  method: 'GET',
  path: '/admin/approvals',
  tag: 'ledger',
  summary: 'Adjustments that wait for a second person, and those decided',
  access: 'ledger.approve',
  query: z.strictObject({ ...pageQuery, state: z.optional(z.enum(['waiting', 'approved', 'rejected'])) }),
  status: 200,
  answer: page(approval),
});

export const decideApproval = endpoint({
  name: 'decideApproval',
  method: 'POST',
  path: '/admin/approvals/:id/decide',
  tag: 'ledger',
  summary: 'Approve or reject; never one’s own',
  access: 'ledger.approve',
  params: z.strictObject({ id: idOf('apr') }),
  body: z.strictObject({ approve: z.boolean() }),
  status: 200,
  answer: z.object({ approval }),
  errors: ['forbidden', 'version_conflict', 'insufficient_funds'],
});

export const readProof = endpoint({
  name: 'readProof',
  method: 'GET',
  path: '/admin/ledger/proof',
  tag: 'ledger',
  summary: 'Do the books balance: sums by unit, balances that differ from their transfers, seals',
  access: 'ledger.read',
  status: 200,
  answer: z.object({
    units: z.array(z.object({ unit, sum: z.int(), accounts: z.int(), transfers: z.int(), mismatches: z.int(), belowFloor: z.int() })),
    seals: z.object({ days: z.int(), broken: z.int() }),
    outbox: z.object({ waiting: z.int(), parked: z.int() }),
    /** Facts about two people of which one half is nowhere. */
    pairs: z.object({ missing: z.int() }),
    /** What is wrong, one line each, the first twenty. */
    violations: z.array(z.string()),
    /** When the books were last proved from the first transfer on, and how many transfers came since. */
    provedAt: timestamp,
    transfersSince: z.int(),
  }),
});

export const auditEntry = z.object({
  id: idOf('aud'),
  at: timestamp,
  actor: userId,
  action: z.string(),
  subject: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  requestId: z.string(),
});

export const readAudit = endpoint({
  name: 'readAudit',
  method: 'GET',
  path: '/admin/audit',
  tag: 'audit',
  summary: 'What staff changed, newest first',
  access: 'audit.read',
  query: z.strictObject({ ...pageQuery, subject: z.optional(z.string().check(z.maxLength(120))), actor: z.optional(userId) }),
  status: 200,
  answer: page(auditEntry),
});
