/** The HTTP side of calls; their sockets are opened by `user/sockets.ts`. */
import { type App, serve } from '../../platform/serve.ts';
import * as endpoints from '../../protocol/http/calls.ts';
import * as staff from '../../protocol/http/staff-calls.ts';
import { allCalls, stopCall, wholeCall } from './board.ts';
import {
  acceptCall,
  declineCall,
  endCall,
  listCalls,
  markCallsSeen,
  placeCall,
  readCall,
  readReceipt,
  readStory,
  readTimeline,
  resumeCall,
} from './service.ts';

export function mountVideo(app: App): void {
  serve(app, endpoints.placeCall, ({ ctx, principal, body, idempotencyKey }) => placeCall(ctx, principal, body, idempotencyKey));
  serve(app, endpoints.resumeCall, ({ ctx, principal, params, idempotencyKey }) => resumeCall(ctx, principal, params.id, idempotencyKey));
  serve(app, endpoints.acceptCall, ({ ctx, principal, params }) => acceptCall(ctx, principal, params.id));
  serve(app, endpoints.declineCall, async ({ ctx, principal, params }) => ({ call: await declineCall(ctx, principal, params.id) }));
  serve(app, endpoints.endCall, async ({ ctx, principal, params }) => ({ call: await endCall(ctx, principal, params.id) }));
  serve(app, endpoints.listCalls, ({ ctx, principal, query }) => listCalls(ctx, principal, query));
  serve(app, endpoints.markCallsSeen, async ({ ctx, principal, body }) => ({ unseen: await markCallsSeen(ctx, principal, body.upTo) }));
  serve(app, endpoints.readStory, ({ ctx, principal, params }) => readStory(ctx, principal, params.id));
  serve(app, endpoints.readCall, async ({ ctx, principal, params }) => ({ call: await readCall(ctx, principal, params.id) }));
  serve(app, endpoints.readReceipt, ({ ctx, principal, params }) => readReceipt(ctx, principal, params.id));
  serve(app, endpoints.readTimeline, ({ ctx, principal, params }) => readTimeline(ctx, principal, params.id));

  serve(app, staff.listAllCalls, ({ ctx, query }) => allCalls(ctx, query));
  serve(app, staff.readAnyCall, ({ ctx, principal, params }) => wholeCall(ctx, principal, params.id));
  serve(app, staff.stopCall, async ({ ctx, principal, params, body }) => ({
    call: await stopCall(ctx, principal, { id: params.id, reason: body.reason }),
  }));
}
