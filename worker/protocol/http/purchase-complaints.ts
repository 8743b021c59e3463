/** “This is wrong”, of something that was bought. */
import * as z from 'zod/mini';
import { caseId, idOf } from '../ids.ts';
import { page, pageQuery } from '../paging.ts';
import { timestamp } from '../time.ts';
import { complaintState } from './after-call.ts';
import { endpoint } from './endpoint.ts';

export const purchaseComplaintReason = z.enum(['not_mine', 'charged_wrongly', 'not_received', 'by_mistake', 'other']);
export type PurchaseComplaintReason = z.infer<typeof purchaseComplaintReason>;

export const purchaseComplaint = z.object({
  id: caseId,
  purchaseId: idOf('pur'),
  reason: purchaseComplaintReason,
  text: z.string(),
  state: complaintState,
  at: timestamp,
});
export type PurchaseComplaint = z.infer<typeof purchaseComplaint>;

export const complainOfPurchase = endpoint({
  name: 'complainOfPurchase',
  method: 'POST',
  path: '/me/purchases/:id/complaints',
  tag: 'payments',
  summary: '“This is wrong”, of a purchase: a person of the house will look at it; again gives the same complaint',
  access: 'wallet.top_up',
  params: z.strictObject({ id: idOf('pur') }),
  body: z.strictObject({ reason: purchaseComplaintReason, text: z.string().check(z.trim(), z.maxLength(2000)) }),
  status: 201,
  answer: z.object({ complaint: purchaseComplaint }),
});

export const listPurchaseComplaints = endpoint({
  name: 'listPurchaseComplaints',
  method: 'GET',
  path: '/me/purchase-complaints',
  tag: 'payments',
  summary: 'What the caller said is wrong with things they bought, newest first',
  access: 'wallet.top_up',
  query: z.strictObject(pageQuery),
  status: 200,
  answer: page(purchaseComplaint),
});
