/** What a service worker and the pages of its app tell each other. */
import * as z from 'zod/mini';
import { callId } from '../../../worker/protocol/ids.ts';

/** A page is there and listens. */
export const pageMessage = z.object({ hearthline: z.literal('here') });
export type PageMessage = z.infer<typeof pageMessage>;

export const workerMessage = z.discriminatedUnion('hearthline', [
  /** Somebody tapped a notice: go there, and answer that call if it still rings. */
  z.object({ hearthline: z.literal('open'), link: z.nullable(z.string()), answer: z.nullable(callId) }),
  /** A push came although this page looks connected: its sockets are to be looked at. */
  z.object({ hearthline: z.literal('hurry') }),
]);
export type WorkerMessage = z.infer<typeof workerMessage>;
