import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import type { Env } from '../../env.ts';
import { contextOf } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import { companionById, companionsByIds, enrol, listCompanions } from './service.ts';

const ctx = contextOf(env as unknown as Env, { now: 1_800_000_000_000, requestId: 'req-1', waitUntil: () => {} });

it('answers approved companions only, by what they take', async () => {
  const [both, audio, waiting] = [newId('usr'), newId('usr'), newId('usr')];
  await enrol(ctx, { userId: both, media: ['audio', 'video'], tier: 'plus', approved: true });
  await enrol(ctx, { userId: audio, media: ['audio'], tier: 'standard', approved: true });
  await enrol(ctx, { userId: waiting, media: ['audio', 'video'], tier: 'standard', approved: false });
  const ids = async (filter: Parameters<typeof listCompanions>[1]) => new Set((await listCompanions(ctx, filter)).map((one) => one.userId));

  expect(await ids({})).toEqual(new Set([both, audio]));
  expect(await ids({ media: 'video' })).toEqual(new Set([both]));
  expect(await ids({ media: 'audio', tier: 'standard' })).toEqual(new Set([audio]));
  expect(await ids({ tier: 'gold' })).toEqual(new Set());
  expect([...(await companionsByIds(ctx, [both, waiting, newId('usr')])).keys()]).toEqual([both]);
  expect(await companionById(ctx, waiting)).toBeNull();
  expect(await companionById(ctx, audio)).toEqual({ userId: audio, media: ['audio'], tier: 'standard' });

  await enrol(ctx, { userId: both, media: ['audio'], tier: 'plus', approved: false });
  expect(await companionById(ctx, both)).toBeNull();
});
