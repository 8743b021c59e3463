/** Hub socket, server → client. */
import * as z from 'zod/mini';
import { errorFrame } from '../errors.ts';
import { helloDown } from './hello.ts';
import { inboxChanged } from './inbox.ts';
import { balanceChanged, callUpdated, presenceChanged } from './latest.ts';
import { callIncoming, chatMoved, notification } from './sequenced.ts';

export const hubDown = z.discriminatedUnion('type', [
  helloDown,
  callIncoming,
  notification,
  chatMoved,
  callUpdated,
  balanceChanged,
  presenceChanged,
  inboxChanged,
  errorFrame,
]);
export type HubDown = z.infer<typeof hubDown>;
