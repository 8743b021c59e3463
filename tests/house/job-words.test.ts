/** What the panel says of each job there is, in every language, and of its times. */
import { describe, expect, it } from 'vitest';
import de from '../../web/panel/locales/de.json' with { type: 'json' };
import en from '../../web/panel/locales/en.json' with { type: 'json' };
import { cronWords } from '../../web/panel/sections/timetable/cron-words.ts';
import { isComplaint, scheduleOf } from '../../worker/domains/timetable/schedule-rules.ts';
import { jobs } from '../../worker/jobs.ts';

const said = (words: { staff: { job: unknown } }, key: string): unknown =>
  key.split('.').reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], words.staff.job);
const leaves = (node: unknown): number =>
  typeof node === 'object' && node !== null ? Object.values(node).reduce((sum: number, inner) => sum + leaves(inner), 0) : 1;

describe.each(jobs)('$name', (job) => {
  it('has a domain and a verb, and runs by times that can be read and said', () => {
    expect(job.name).toMatch(/^[a-z_]+\.[a-z_]+$/);
    const times = { cron: job.cron, zone: job.zone ?? 'UTC' };
    expect(isComplaint(scheduleOf(times, 1_800_000_000_000))).toBe(false);
    for (const language of ['en', 'de']) expect(cronWords(job.cron, language)).not.toBeNull();
  });

  it('is explained in English and in German, in words of its own', () => {
    expect(said(en, job.name)).toMatch(/\w{3}.*\.$/);
    expect(said(de, job.name)).toMatch(/\w{3}.*\.$/);
    expect(said(de, job.name)).not.toBe(said(en, job.name));
  });
});

it('names no job twice, and explains none that is gone', () => {
  expect(new Set(jobs.map(({ name }) => name)).size).toBe(jobs.length);
  expect([leaves(en.staff.job), leaves(de.staff.job)]).toEqual([jobs.length, jobs.length]);
});
