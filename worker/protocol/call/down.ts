/** Call socket, server → client. Joined here, one message a file. */
import * as z from 'zod/mini';
import { errorFrame } from '../errors.ts';
import { billingCheckpoint } from './billing-checkpoint.ts';
import { billingLow } from './billing-low.ts';
import { callEnded } from './call-ended.ts';
import { mediaChanged } from './media-change.ts';
import { mediaFrame } from './media-frame.ts';
import { peer } from './peer.ts';
import { receiptSettled } from './receipt-settled.ts';
import { signalDown } from './signal.ts';
import { callStateFrame } from './state.ts';

export const callDown = z.discriminatedUnion('type', [
  callStateFrame,
  peer,
  signalDown,
  mediaFrame,
  mediaChanged,
  billingCheckpoint,
  billingLow,
  callEnded,
  receiptSettled,
  errorFrame,
]);
export type CallDown = z.infer<typeof callDown>;
