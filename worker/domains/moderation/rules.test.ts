import { describe, expect, it } from 'vitest';
import type { UserId } from '../../protocol/ids.ts';
import { caseOf } from './rules.ts';

const ada = 'usr_01h455vb4pex5vsknk084sn02q' as UserId;
const event = (type: string, payload: Record<string, unknown>, actor: UserId | null = ada) => ({
  seq: 1,
  type,
  subject: 'call_x',
  actor,
  occurredAt: 0,
  payload,
});

describe('what becomes a case', () => {
  it.each([
    [event('call.rated', { stars: 1, reasons: ['unkind', 'felt_unsafe'] }), 'rating', '1 of 5, unkind, felt_unsafe'],
    [event('call.rated', { stars: 2, reasons: [] }), 'rating', '2 of 5'],
    [event('call.wrapped_up', { flag: 'safety' }), 'wrap_up', 'safety'],
  ] as const)('%j', (happened, source, reason) => {
    expect(caseOf(happened)).toEqual({ source, subject: 'call_x', raisedBy: ada, reason });
  });

  it.each([
    event('call.rated', { stars: 3, reasons: ['unkind'] }),
    event('call.rated', {}),
    event('call.wrapped_up', { flag: null }),
    event('call.ended', { stars: 1 }),
    event('call.rated', { stars: 1, reasons: [] }, null),
  ])('not %j', (happened) => {
    expect(caseOf(happened)).toBe(null);
  });
});
