import type { Job } from '../../platform/jobs.ts';
import { type App, serve } from '../../platform/serve.ts';
import * as timetable from '../../protocol/http/timetable.ts';
import { changeJob, listJobs, previewTurns } from './planning.ts';
import { type Machine, machine } from './running.ts';
import { listRuns, runNow } from './runs.ts';

/** @param jobs every job there is */
export function mountTimetable(app: App, jobs: readonly Job[], on: Machine = machine): void {
  serve(app, timetable.listJobs, async ({ ctx }) => ({ items: await listJobs(ctx, jobs), nextCursor: null }));
  serve(app, timetable.listJobRuns, ({ ctx, params, query }) => listRuns(ctx, jobs, { job: params.name, ...query }));
  serve(app, timetable.runJob, async ({ ctx, params, principal }) => ({
    run: await runNow(ctx, jobs, { job: params.name, actor: principal.userId }, on),
  }));
  serve(app, timetable.changeJob, ({ ctx, params, body, principal }) =>
    changeJob(ctx, jobs, { name: params.name, ...body, actor: principal.userId }),
  );
  serve(app, timetable.previewTurns, async ({ ctx, body }) => ({ turns: previewTurns(ctx, body) }));
}
