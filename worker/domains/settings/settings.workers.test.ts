import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Env } from '../../env.ts';
import { contextOf } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import { readAuditPage } from '../event_log/service.ts';
import { callSettings, changeSetting, listSettings, setting } from './service.ts';

const ctx = contextOf(env as unknown as Env, { now: 1_800_000_000_000, requestId: 'req-1', waitUntil: () => {} });
const actor = newId('usr');

describe('changing a setting', () => {
  it('holds for the next reader, and for nobody else’s key', async () => {
    await changeSetting(ctx, { key: 'call.connectMs', value: 3_000, actor });
    await changeSetting(ctx, { key: 'call.connectMs', value: 4_000, actor });
    expect(await callSettings(ctx)).toMatchObject({ connectMs: 4_000, deadMs: 15_000 });
    expect(await setting(ctx, 'call.connectMs')).toBe(4_000);
  });

  it('leaves an audit entry with what stood before', async () => {
    await changeSetting(ctx, { key: 'call.soloMs', value: 5_000, actor });
    await changeSetting(ctx, { key: 'call.soloMs', value: 6_000, actor });
    const { items } = await readAuditPage(ctx, { subject: 'setting:call.soloMs' });
    expect(items.map(({ before, after, actor: by, action }) => ({ before, after, by, action }))).toEqual([
      { before: 5_000, after: 6_000, by: actor, action: 'settings.edit' },
      { before: 60_000, after: 5_000, by: actor, action: 'settings.edit' },
    ]);
  });

  it.each([
    ['call.ringMs', 'soon', 'value'],
    ['call.ringMs', -5, 'value'],
    ['call.ringMs', undefined, 'value'],
    ['ledger.adjustmentLimit', { COIN: 1, MOMENT: -1, EARN: 1 }, 'value.MOMENT'],
    ['ledger.adjustmentLimit', { COIN: 1, MOMENT: 1, EARN: 1, GOLD: 1 }, 'value.GOLD'],
  ])('refuses %s = %j, naming %s, and changes nothing', async (key, value, path) => {
    await expect(changeSetting(ctx, { key, value, actor })).rejects.toMatchObject({
      code: 'validation_failed',
      fields: [expect.objectContaining({ path })],
    });
    const listed = (await listSettings(ctx)).find((item) => item.key === key);
    expect(listed).toMatchObject({ value: listed?.default, changedAt: null });
    expect((await readAuditPage(ctx, { subject: `setting:${key}` })).items).toEqual([]);
  });

  it.each([
    ['call.deadMs', 9_999],
    ['call.heartbeatMs', 7_501],
  ])('refuses %s = %j, with which every call would fall silent between two beats', async (key, value) => {
    await expect(changeSetting(ctx, { key, value, actor })).rejects.toMatchObject({
      code: 'validation_failed',
      fields: [expect.objectContaining({ path: 'value' })],
    });
    expect(await callSettings(ctx)).toMatchObject({ heartbeatMs: 5_000, deadMs: 15_000 });
  });

  it.each(['call.nothing', 'constructor'])('does not know %s', async (key) => {
    await expect(changeSetting(ctx, { key, value: 1, actor })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('shows when it was changed', async () => {
    await changeSetting(ctx, { key: 'call.frozenMs', value: 9_000, actor });
    expect((await listSettings(ctx)).find((item) => item.key === 'call.frozenMs')).toEqual({
      key: 'call.frozenMs',
      value: 9_000,
      default: 90_000,
      description: expect.any(String),
      changedAt: '2027-01-15T08:00:00.000Z',
    });
  });
});

describe('two editors of one setting', () => {
  it('the second is told, and neither their value nor an audit entry is written', async () => {
    const key = 'call.heartbeatMs';
    const first = await changeSetting(ctx, { key, value: 1_000, actor, seenChangedAt: null });
    await expect(changeSetting({ ...ctx, now: ctx.now + 5 }, { key, value: 2_000, actor, seenChangedAt: null })).rejects.toMatchObject({
      code: 'version_conflict',
    });
    expect(await setting(ctx, key)).toBe(1_000);
    const later = { ...ctx, now: ctx.now + 10 };
    await changeSetting(later, { key, value: 3_000, actor, seenChangedAt: first.changedAt });
    await expect(changeSetting(later, { key, value: 4_000, actor, seenChangedAt: first.changedAt })).rejects.toMatchObject({
      code: 'version_conflict',
    });
    expect(await setting(ctx, key)).toBe(3_000);
    expect((await readAuditPage(ctx, { subject: `setting:${key}` })).items.map(({ after }) => after)).toEqual([3_000, 1_000]);
  });
});
