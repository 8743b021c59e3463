import { describe, expect, it } from 'vitest';
import { contextNow } from '../../tests/devices.ts';
import { isHealthy, outcomeOf, tellHealth } from '../../worker/domains/video/health.ts';
import { MOST_FAILURES } from './breaker.ts';

describe('provider health', () => {
  it('is remembered, and opens on failures', async () => {
    const ctx = contextNow();
    expect(await isHealthy(ctx, 'direct')).toBe(true);
    for (let time = 1; time < MOST_FAILURES; time++) await tellHealth(ctx, 'direct', false);
    expect(await isHealthy(ctx, 'direct')).toBe(true);
    await tellHealth(ctx, 'direct', false);
    expect(await isHealthy(ctx, 'direct')).toBe(false);
    expect(await isHealthy({ ...ctx, now: ctx.now + 31_000 }, 'direct')).toBe(true);
  });

  it('counts as good where it can’t be asked', async () => {
    const ctx = contextNow();
    const away = { ...ctx, env: { ...ctx.env, PROVIDER_HEALTH: undefined as never } };
    expect(await isHealthy(away, 'direct')).toBe(true);
    await tellHealth(away, 'direct', false);
  });

  it('follows from how calls connect, not from how people end them', () => {
    expect(outcomeOf('active', null)).toBe('well');
    expect([outcomeOf('ended', 'connect_failed'), outcomeOf('ended', 'provider_failed')]).toEqual(['badly', 'badly']);
    expect([outcomeOf('ended', 'hangup'), outcomeOf('ended', 'lost'), outcomeOf('ringing', null)]).toEqual([null, null, null]);
  });
});
