import * as z from 'zod/mini';
import { timestamp } from '../time.ts';
import { billingParty, callKind, callMedia, callParty, callState } from './call.ts';

/** First frame on every call socket, and again at every transition. */
export const callStateFrame = z.object({
  type: z.literal('call.state'),
  state: callState,
  at: timestamp,
  /** ms connected and proved so far. */
  connectedMs: z.int(),
  /** Send one extra `ping` then: the next checkpoint falls due if nothing freezes, or the call wants to hear both. */
  nextAt: z.nullable(timestamp),
  media: callMedia,
  kind: callKind,
  /** Which party the reader is, to the call and to its money. */
  you: callParty,
  role: billingParty,
  /** How often to send `ping`, in ms, as the call was set up; without it, 5000. */
  heartbeatMs: z.optional(z.int()),
  /** Until when this state may last at most (ring, connect, reconnect); null while active. */
  until: z.nullable(timestamp),
});
