import { type App, serve } from '../../platform/serve.ts';
import * as people from '../../protocol/http/staff-people.ts';
import { replayTariff } from '../../protocol/http/tariffs.ts';
import { replayDraft } from './replay.ts';
import { balanceEventsOf, callsOf, searchPeople, signOut, wholePerson } from './service.ts';

export function mountMissionControl(app: App): void {
  serve(app, people.searchPeople, ({ ctx, principal, query }) => searchPeople(ctx, principal, query));
  serve(app, people.readAnyone, async ({ ctx, principal, params }) => ({ person: await wholePerson(ctx, principal, params.id) }));
  serve(app, people.listBalanceEventsOf, ({ ctx, params, query }) => balanceEventsOf(ctx, params.id, query));
  serve(app, people.listCallsOf, ({ ctx, params, query }) => callsOf(ctx, params.id, query));
  serve(app, people.revokeSessionsOf, async ({ ctx, principal, params, body }) => ({
    signedOut: await signOut(ctx, { userId: params.id, ...body, actor: principal.userId }),
  }));
  serve(app, replayTariff, ({ ctx, body }) => replayDraft(ctx, body));
}
