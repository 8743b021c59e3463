/** Where an ended call stood, for the one that goes on from it. */
import type { Standing } from '../../../worker/platform/stubs.ts';
import { isQuiet } from './frames.ts';
import { type CallRecord, connectedMsOf } from './state.ts';

/** [RS1] Null unless the call ended because the balance ran out, every posting is in, and `resumeMs` has not passed. */
export function standingOf(record: CallRecord, now: number): Standing | null {
  const { endReason, endedAt, limits, money, rootId } = record;
  // [MC4] A change of medium whose tariff never took over is not carried on.
  const media = record.change?.next ? otherMedium(record.change.media) : record.media;
  if (endReason !== 'balance_exhausted' || endedAt === null || !isQuiet(record) || now - endedAt > limits.resumeMs) return null;
  return { rootId, connectedMs: connectedMsOf(record), positions: money.positions, media, tariff: money.tariff };
}

const otherMedium = (media: CallRecord['media']): CallRecord['media'] => (media === 'audio' ? 'video' : 'audio');
