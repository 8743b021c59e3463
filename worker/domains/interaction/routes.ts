import { type App, serve } from '../../platform/serve.ts';
import { rateCall, wrapUpCall } from '../../protocol/http/after-call.ts';
import * as wire from '../../protocol/http/notes.ts';
import { dropNote, historyOf, keepNote, leaveHandover, notesAbout, rewriteNote, type Writing } from './notes.ts';
import { rate, wrapUp } from './service.ts';

export function mountInteraction(app: App, writing: Writing): void {
  serve(app, rateCall, async ({ ctx, principal, params, body }) => ({ rating: await rate(ctx, principal, params.id, body) }));
  serve(app, wrapUpCall, async ({ ctx, principal, params, body }) => ({ wrapUp: await wrapUp(ctx, principal, params.id, body) }));

  serve(app, wire.listNotes, ({ ctx, principal, params }) => notesAbout(ctx, writing, principal, params.userId));
  serve(app, wire.addNote, async ({ ctx, principal, params, body }) => ({
    note: await keepNote(ctx, writing, principal, params.userId, body),
  }));
  serve(app, wire.changeNote, async ({ ctx, principal, params, body }) => ({ note: await rewriteNote(ctx, principal, params.id, body) }));
  serve(app, wire.removeNote, async ({ ctx, principal, params }) => {
    await dropNote(ctx, principal, params.id);
    return null;
  });
  serve(app, wire.readNoteHistory, ({ ctx, principal, params }) => historyOf(ctx, principal, params.id));
  serve(app, wire.writeHandover, async ({ ctx, principal, params, body }) => ({
    handover: await leaveHandover(ctx, writing, principal, params.userId, body),
  }));
}
