/** Who may call whom, who pays, and what going on with a call costs. */
import type { CallLimits, Standing } from '../../platform/stubs.ts';
import type { CallMedia, CallParty, Quote } from '../../protocol/call/call.ts';
import type { Role } from '../../protocol/people.ts';
import { carriesUntil, checkpointAt, sideOf } from '../billing/meter.ts';
import type { Means } from '../pricing/port.ts';
import type { CallSettings } from '../settings/rules.ts';

/** The member of the two pays and the companion is paid; null where it is not one of each. */
export function payerOf(caller: Role, callee: Role): CallParty | null {
  if (caller === 'member' && callee === 'companion') return 'caller';
  return caller === 'companion' && callee === 'member' ? 'callee' : null;
}

/** Who called whom, as tariffs tell it apart. */
export const directionOf = (payer: CallParty): 'member_to_companion' | 'companion_to_member' =>
  payer === 'caller' ? 'member_to_companion' : 'companion_to_member';

/** The limits frozen into a call. It rings as long as a browser does until phones ring by push. */
export const limitsOf = ({ ringWebMs, ringMobileMs: _, ...rest }: CallSettings): CallLimits => ({ ...rest, ringMs: ringWebMs });

/** Whether a companion can be in a call by `media` now. */
export const takes = (companion: { media: readonly CallMedia[] } | null, onShift: boolean, media: CallMedia): boolean =>
  companion !== null && onShift && companion.media.includes(media);

/** What going on costs: the next checkpoint at once, the rest as the tariff says. */
export function resumeQuote(standing: Standing, means: Means): Quote {
  const side = sideOf(standing.tariff, 'payer');
  const next = side ? checkpointAt(side, standing.positions.payer) : null;
  const until = carriesUntil(standing.tariff, standing.positions.payer, means, false);
  const at = Math.floor(standing.connectedMs / 1000);
  return {
    tariffId: standing.tariff.id,
    unit: side?.unit ?? 'COIN',
    firstAmount: next !== null && next.atSeconds <= at ? next.amount : 0,
    then: side?.then ?? null,
    checkpoints: (side?.checkpoints ?? [])
      .filter(({ atSeconds }) => atSeconds > at)
      .map(({ atSeconds, amount }) => ({ atSeconds: atSeconds - at, amount })),
    includedSeconds: means.seconds,
    means: [...means.told],
    secondsAffordable: until === null ? null : Math.max(0, until - at),
  };
}
