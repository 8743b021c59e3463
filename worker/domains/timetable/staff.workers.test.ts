/** What staff see, change and ask for, over HTTP. */
import { env as bound } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { appAs, principal } from '../../../tests/app-as.ts';
import type { Env } from '../../env.ts';
import { contextOf } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import type { Job } from '../../platform/jobs.ts';
import { ok } from '../../platform/result.ts';
import { readAuditPage } from '../event_log/service.ts';
import { createUser } from '../user/service.ts';
import { mountTimetable } from './routes.ts';
import { LEASE_MS } from './rules.ts';
import { runDueJobs } from './running.ts';
import { runNow } from './runs.ts';

const env = bound as unknown as Env;
const MINUTE = 60_000;
const NOW = Date.parse('2027-01-15T08:00:00Z');
const machine = (now: number) => ({ clock: () => now, pulse: () => () => {} });
const at = (now: number, more: Partial<Env> = {}) => contextOf({ ...env, ...more }, { now, requestId: `at ${now}`, waitUntil: () => {} });

let made = 0;
function job(more: Partial<Job> = {}, work: () => Promise<void> = async () => {}) {
  const one = {
    ...{ name: `staff.${made++}`, cron: '0 9 * * *', zone: 'Europe/Berlin', missed: 'once' as const, ...more },
    runs: 0,
    run: async () => {
      one.runs++;
      await work();
    },
  };
  return one;
}
const root = principal({ role: 'superadmin', permissions: new Set(['timetable.read', 'timetable.run', 'timetable.edit']) });
const asked = (jobs: readonly Job[], now = NOW) => {
  const ask = appAs(env, (app) => mountTimetable(app, jobs, machine(now)), now);
  return (method: string, path: string, body?: unknown) => ask(root, method, `/admin/jobs${path}`, body);
};
const fire = (now: number, jobs: readonly Job[]) => runDueJobs(at(now), jobs, machine(now));
const auditOf = async ({ name }: Job) => (await readAuditPage(at(NOW), { subject: `job:${name}` })).items;

describe('the list', () => {
  it('says of each job when it runs, how it went and what stands in code', async () => {
    const [quiet, bad] = [job(), job({ cron: '* * * * *', zone: 'UTC' }, () => Promise.reject(new Error('broken')))];
    for (const minute of [0, 1]) await fire(NOW + minute * MINUTE, [quiet, bad]);
    const { status, body } = await asked([quiet, bad], NOW + MINUTE)('GET', '');
    expect(status).toBe(200);
    expect(body.items[0]).toEqual({
      ...{ name: quiet.name, cron: '0 9 * * *', zone: 'Europe/Berlin', missed: 'once', enabled: true, overlaps: false },
      usually: { cron: '0 9 * * *', zone: 'Europe/Berlin', missed: 'once' },
      nextAt: '2027-01-16T08:00:00.000Z',
      // 9:00 in Berlin is the very minute cron fired first.
      lastRun: expect.objectContaining({ outcome: 'ok', slot: '2027-01-15T08:00:00.000Z' }),
      ...{ failures: 0, alertAfter: 1, changedAt: null, changedBy: null },
    });
    expect(body.items[1]).toMatchObject({ failures: 2, alertAfter: 3, lastRun: { outcome: 'failed', error: 'broken' } });
  });
});

describe('runs', () => {
  it('come newest first, by pages, and of one outcome where that is asked for', async () => {
    let run = 0;
    const one = job({ cron: '* * * * *' }, () => (run++ % 2 === 0 ? Promise.resolve() : Promise.reject(new Error('odd'))));
    for (let minute = 0; minute < 5; minute++) await fire(NOW + minute * MINUTE, [one]);
    const ask = asked([one]);
    const first = await ask('GET', `/${one.name}/runs?limit=3`);
    const second = await ask('GET', `/${one.name}/runs?limit=3&cursor=${first.body.nextCursor}`);
    const slots = [...first.body.items, ...second.body.items].map(({ slot }) => (Date.parse(slot) - NOW) / MINUTE);
    expect(slots).toEqual([4, 3, 2, 1, 0]);
    expect(second.body.nextCursor).toBeNull();
    const failed = await ask('GET', `/${one.name}/runs?outcome=failed`);
    expect(failed.body.items.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['failed', 'failed']);
  });

  it.each(['?outcome=well', '?limit=0', '?cursor=%25', '?since=1'])('refuse %s', async (query) => {
    const one = job();
    expect((await asked([one])('GET', `/${one.name}/runs${query}`)).body).toMatchObject({ code: 'validation_failed' });
  });
});

describe('run now', () => {
  it('runs it at once, says how it went, and leaves an audit entry', async () => {
    const one = job();
    const { status, body } = await asked([one])('POST', `/${one.name}/run`, {});
    expect(status).toBe(200);
    expect(body.run).toMatchObject({ job: one.name, slot: null, askedBy: root.userId, outcome: 'ok', requestId: 'req-1' });
    expect(one.runs).toBe(1);
    expect(await auditOf(one)).toMatchObject([{ action: 'timetable.run', actor: root.userId, after: { run: body.run.id } }]);
  });

  it('answers a failure as an outcome', async () => {
    const one = job({}, () => Promise.reject(new Error('broken')));
    const { status, body } = await asked([one])('POST', `/${one.name}/run`, {});
    expect([status, body.run.outcome, body.run.error]).toEqual([200, 'failed', 'broken']);
  });

  it('works while the job is switched off, and takes no turn from it', async () => {
    const one = job({ cron: '* * * * *' });
    const ask = asked([one]);
    await ask('PATCH', `/${one.name}`, { enabled: false });
    expect((await ask('POST', `/${one.name}/run`, {})).body.run.outcome).toBe('ok');
    await fire(NOW + 2 * MINUTE, [one]);
    expect(one.runs).toBe(1);
    await asked([one], NOW + 3 * MINUTE)('PATCH', `/${one.name}`, { enabled: true });
    await fire(NOW + 4 * MINUTE, [one]);
    expect(one.runs).toBe(2);
  });

  it('is refused while a run is not over, which leaves no entry; not where runs may overlap, nor after one died', async () => {
    const never = () => new Promise<void>(() => {});
    let work = never;
    const held = job({ cron: '* * * * *' }, () => work());
    const free = job({ cron: '* * * * *', overlaps: true }, () => work());
    void fire(NOW, [held, free]);
    while (held.runs + free.runs < 2) await env.DB.prepare('SELECT 1').first();
    work = async () => {};
    const refused = await asked([held])('POST', `/${held.name}/run`, {});
    expect([refused.status, refused.body.code]).toEqual([409, 'job_running']);
    expect(await auditOf(held)).toEqual([]);
    expect((await asked([free])('POST', `/${free.name}/run`, {})).status).toBe(200);
    const later = await runNow(at(NOW + LEASE_MS), [held], { job: held.name, actor: root.userId }, machine(NOW + LEASE_MS));
    expect(later.outcome).toBe('ok');
  });

  it('twice at once runs it once', async () => {
    let finish = () => {};
    const one = job({}, () => new Promise<void>((done) => (finish = done)));
    const ask = asked([one]);
    const both = [ask('POST', `/${one.name}/run`, {}), ask('POST', `/${one.name}/run`, {})];
    expect((await Promise.race(both)).status).toBe(409);
    finish();
    expect((await Promise.all(both)).map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(one.runs).toBe(1);
  });
});

describe('a change', () => {
  it('holds from now on, wins over the code, and can be taken back', async () => {
    const one = job();
    const ask = asked([one]);
    const changed = await ask('PATCH', `/${one.name}`, { cron: ' */20   8-9 * * *', zone: 'UTC', missed: 'skip', seenChangedAt: null });
    expect(changed.status).toBe(200);
    expect(changed.body.job).toMatchObject({ cron: '*/20 8-9 * * *', zone: 'UTC', missed: 'skip', usually: { cron: '0 9 * * *' } });
    expect(changed.body.turns.map((turn: string) => turn.slice(11, 16))).toEqual(['08:20', '08:40', '09:00', '09:20', '09:40']);
    for (const minute of [0, 20, 30]) await fire(NOW + minute * MINUTE, [one]);
    // The turn of 8:00 was before the change counted.
    expect(one.runs).toBe(1);
    const { cron, zone, missed } = changed.body.job.usually;
    const back = await ask('PATCH', `/${one.name}`, { cron, zone, missed, seenChangedAt: changed.body.job.changedAt });
    expect(back.body.job).toMatchObject({ cron: '0 9 * * *', changedBy: root.userId });
    // What is as in code follows it again.
    const next = { ...one, cron: '0 10 * * *' };
    expect((await asked([next])('GET', '')).body.items[0].cron).toBe('0 10 * * *');
  });

  it('leaves an audit entry with what stood before', async () => {
    const one = job();
    await asked([one])('PATCH', `/${one.name}`, { enabled: false });
    const usual = { cron: '0 9 * * *', zone: 'Europe/Berlin', missed: 'once' };
    expect(await auditOf(one)).toMatchObject([
      { action: 'timetable.edit', actor: root.userId, before: { ...usual, enabled: true }, after: { ...usual, enabled: false } },
    ]);
  });

  it('is refused where somebody was quicker', async () => {
    const one = job();
    await asked([one], NOW + 1)('PATCH', `/${one.name}`, { enabled: false, seenChangedAt: null });
    const late = await asked([one], NOW + 2)('PATCH', `/${one.name}`, { cron: '* * * * *', seenChangedAt: null });
    expect([late.status, late.body.code]).toEqual([409, 'version_conflict']);
    expect((await asked([one])('GET', '')).body.items[0]).toMatchObject({ cron: '0 9 * * *', enabled: false });
    expect(await auditOf(one)).toHaveLength(1);
  });

  it('of a job that is switched off lets it owe nothing', async () => {
    const one = job({ cron: '0 * * * *', missed: 'each' });
    await fire(NOW, [one]);
    await asked([one], NOW + MINUTE)('PATCH', `/${one.name}`, { enabled: false });
    await fire(NOW + 200 * MINUTE, [one]);
    await asked([one], NOW + 201 * MINUTE)('PATCH', `/${one.name}`, { enabled: true });
    await fire(NOW + 202 * MINUTE, [one]);
    expect(one.runs).toBe(1);
    await fire(NOW + 240 * MINUTE, [one]);
    expect(one.runs).toBe(2);
  });

  it.each([
    [{ cron: 'soon' }, 'cron'],
    [{ cron: '0 0 31 2 *' }, 'cron'],
    [{ cron: '* * * * * *' }, 'cron'],
    [{ cron: 'x'.repeat(300) }, 'cron'],
    [{ zone: 'Mars' }, 'zone'],
    [{ missed: 'perhaps' }, 'missed'],
    [{ enabled: 'no' }, 'enabled'],
    [{ leaseMs: 1 }, 'leaseMs'],
    [{}, ''],
    [{ seenChangedAt: null }, ''],
  ])('%j is refused, naming “%s”, and changes nothing', async (body, path) => {
    const one = job();
    const answer = await asked([one])('PATCH', `/${one.name}`, body);
    expect([answer.status, answer.body.fields?.[0].path]).toEqual([400, path]);
    expect((await asked([one])('GET', '')).body.items[0].changedAt).toBeNull();
  });
});

describe('a preview', () => {
  it('shows the next five turns, across a change of the clocks', async () => {
    const ask = asked([], Date.parse('2027-03-26T12:00:00Z'));
    const { body } = await ask('POST', '/preview', { cron: '30 2 * * *', zone: 'Europe/Berlin' });
    expect(body.turns.map((turn: string) => turn.slice(5, 16))).toEqual([
      '03-27T01:30',
      '03-28T01:00',
      '03-29T00:30',
      '03-30T00:30',
      '03-31T00:30',
    ]);
  });

  it.each([
    [{ cron: '61 * * * *', zone: 'UTC' }, 'cron'],
    [{ cron: '* * * * *', zone: 'Nowhere/Land' }, 'zone'],
    [{ zone: 'UTC' }, 'cron'],
    [{ cron: 5, zone: 'UTC' }, 'cron'],
  ])('of %j is refused, naming %s', async (body, path) => {
    const answer = await asked([])('POST', '/preview', body);
    expect([answer.status, answer.body.fields[0].path]).toEqual([400, path]);
  });
});

describe('staff', () => {
  it('are told of a streak of failures once, of its end once, and by one notification however often it is said', async () => {
    const admin = await createUser(at(NOW), { email: `admin-${newId('usr')}@x.test`, role: 'admin', monetizationVersion: 'tokens' });
    const boss = await createUser(at(NOW), { email: `boss-${newId('usr')}@x.test`, role: 'superadmin', monetizationVersion: 'tokens' });
    await createUser(at(NOW), { email: `sam-${newId('usr')}@x.test`, role: 'supervisor', monetizationVersion: 'tokens' });
    const said: { to: string; id: string; body: Record<string, unknown> }[] = [];
    let deaf = true;
    const hubs = {
      getByName: (to: string) => ({
        notify: async ({ id, body }: { id: string; body: Record<string, unknown> }) => {
          said.push({ to, id, body });
          return deaf && to === boss.id ? { ok: false as const, code: 'internal' as const, detail: 'not now' } : ok(null);
        },
      }),
    } as unknown as Env['USER_HUB'];
    let good = false;
    const one = job({ cron: '* * * * *' }, () => (good ? Promise.resolve() : Promise.reject(new Error('broken'))));
    const firing = (minute: number) => runDueJobs(at(NOW + minute * MINUTE, { USER_HUB: hubs }), [one], machine(NOW + minute * MINUTE));
    for (const minute of [0, 1]) await firing(minute);
    expect(said).toEqual([]);
    await firing(2);
    expect(said.map(({ to }) => to).sort()).toEqual([admin.id, boss.id].sort());
    expect(said[0]?.body).toMatchObject({ job: one.name, state: 'failed', error: 'broken' });
    deaf = false;
    await firing(3);
    await firing(4);
    // Said again to both, because one had not heard it, under the same ids.
    expect(said).toHaveLength(4);
    expect(new Set(said.map(({ id }) => id)).size).toBe(2);
    good = true;
    await firing(5);
    await firing(6);
    expect(
      said
        .slice(4)
        .map(({ to, body }) => [to, body.state])
        .sort(),
    ).toEqual(
      [
        [admin.id, 'healed'],
        [boss.id, 'healed'],
      ].sort(),
    );
  });
});
