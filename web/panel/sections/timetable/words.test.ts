/** What the panel says of each job, in every language, and of each expression. */
import { describe, expect, it } from 'vitest';
import { isComplaint, scheduleOf } from '../../../../worker/domains/timetable/schedule-rules.ts';
import { jobs } from '../../../../worker/jobs.ts';
import de from '../../locales/de.json';
import en from '../../locales/en.json';
import { cronWords } from './cron-words.ts';
import { lastedWords } from './words.ts';

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

it.each([
  ['*/5 * * * *', 'Every 5 minutes', 'Alle 5 Minuten'],
  ['40 3 * * *', 'At 03:40', 'Um 03:40'],
  ['0 9 * * 1-5', 'At 09:00, Monday through Friday', 'Um 09:00, Montag bis Freitag'],
  ['soon', null, null],
  ['', null, null],
])('says “%s” in words', (cron, english, german) => {
  expect([cronWords(cron, 'en'), cronWords(cron, 'de')]).toEqual([english, german]);
});

it.each([
  [0, '0 sec'],
  [420, '0.4 sec'],
  [59_940, '59.9 sec'],
  [59_960, '1 min 0 sec'],
  [125_400, '2 min 5 sec'],
])('%i ms took %s', (ms, words) => {
  expect(lastedWords(ms)).toBe(words);
});
