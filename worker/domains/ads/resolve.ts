/** What is behind a link for one person. Decided here and not on a screen: whose something is, only the server knows. */
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/errors.ts';
import type { Principal } from '../../platform/principal.ts';
import type { Call } from '../../protocol/call/call.ts';
import type { LinkState, ResolvedLink } from '../../protocol/http/links.ts';
import { type LinkTarget, parseLink } from '../../protocol/links.ts';
import { messageOf } from '../chat/service.ts';
import { personFor } from '../gallery/service.ts';
import { paywallFor } from '../payment/service.ts';
import { readCall } from '../video/service.ts';
import { appOf, fallbackOf, isFor } from './rules.ts';

interface Found {
  readonly state: LinkState;
  readonly call: ResolvedLink['call'];
}
const found = (state: LinkState): Found => ({ state, call: null });

/** Never throws for what stands in the link: whatever it is, there is somewhere to go. */
export async function resolve(ctx: Context, principal: Principal, link: string): Promise<ResolvedLink> {
  const { target } = parseLink(link);
  const answer = target ? await lookFor(ctx, principal, target) : found('unknown');
  return { ...answer, target, app: appOf(principal.role), fallback: fallbackOf(target, principal.permissions) };
}

async function lookFor(ctx: Context, principal: Principal, target: LinkTarget): Promise<Found> {
  if (!isFor(target, principal.permissions)) return found('forbidden');
  try {
    return await lookAt(ctx, principal, target);
  } catch (thrown) {
    // The same answer for what never was, is no more, belongs to others, or is behind a block.
    if (thrown instanceof Problem && ['not_found', 'blocked', 'forbidden'].includes(thrown.code)) return found('gone');
    throw thrown;
  }
}

async function lookAt(ctx: Context, principal: Principal, target: LinkTarget): Promise<Found> {
  switch (target.kind) {
    case 'call':
      return { state: 'ok', call: standingOf(await readCall(ctx, principal, target.id), principal) };
    case 'chat':
      await messageOf(ctx, principal, { chatId: target.id, messageId: undefined });
      return found('ok');
    case 'profile':
      // Oneself is in no gallery, and has a page all the same.
      if (target.id !== principal.userId) await personFor(ctx, principal, target.id);
      return found('ok');
    case 'call-back':
      await personFor(ctx, principal, target.id);
      return found('ok');
    case 'paywall':
      // Which app opens it is not known yet; where one platform sells less, its page says so.
      return found((await paywallFor(ctx, principal, { placement: 'link', platform: 'web', offer: target.offer })) ? 'ok' : 'gone');
    default:
      return found('ok');
  }
}

function standingOf({ state, calleeId }: Call, { userId }: Principal): ResolvedLink['call'] {
  if (state === 'ended') return 'over';
  return (state === 'ringing' || state === 'placing') && calleeId === userId ? 'ringing' : 'running';
}
