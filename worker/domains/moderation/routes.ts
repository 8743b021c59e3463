import { type App, serve } from '../../platform/serve.ts';
import { complainOfCall, readAfterCall } from '../../protocol/http/after-call.ts';
import * as cases from '../../protocol/http/cases.ts';
import { reportChat } from '../../protocol/http/chats.ts';
import { complainOfPurchase, listPurchaseComplaints } from '../../protocol/http/purchase-complaints.ts';
import { bytesAnswer, decideMedia, glanceOf, mediaForStaff } from '../chat/service.ts';
import { complainOfPurchase as openPurchaseCase, purchaseComplaintsOf } from './purchase-complaints.ts';
import { after, complain, listCases, listWaitingMedia, report } from './service.ts';

export function mountModeration(app: App): void {
  serve(app, complainOfCall, async ({ ctx, principal, params, body }) => ({ complaint: await complain(ctx, principal, params.id, body) }));
  serve(app, readAfterCall, ({ ctx, principal, params }) => after(ctx, principal, params.id));
  serve(app, complainOfPurchase, async ({ ctx, principal, params, body }) => ({
    complaint: await openPurchaseCase(ctx, principal.userId, { ...params, ...body }),
  }));
  serve(app, listPurchaseComplaints, ({ ctx, principal, query }) => purchaseComplaintsOf(ctx, principal.userId, query));
  serve(app, reportChat, async ({ ctx, principal, params, body }) => ({ report: await report(ctx, principal, params.id, body) }));

  serve(app, cases.listCases, ({ ctx, query }) => listCases(ctx, query));
  serve(app, cases.listWaitingMedia, ({ ctx, query }) => listWaitingMedia(ctx, query));
  serve(app, cases.lookAtMedia, async ({ ctx, principal, params, http }) =>
    bytesAnswer(await mediaForStaff(ctx, principal.userId, { mediaId: params.mediaId, ...glanceOf(http) })),
  );
  serve(app, cases.decideMedia, async ({ ctx, principal, params, body }) => ({
    media: await decideMedia(ctx, { mediaId: params.mediaId, state: body.state, actor: principal.userId }),
  }));
}
