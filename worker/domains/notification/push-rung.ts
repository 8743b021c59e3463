/** The rung of push messages: one to each device that suits. */
import type { Context } from '../../platform/context.ts';
import { suitable } from './climb-rules.ts';
import { kinds } from './kinds.ts';
import type { PushDevice, PushOrder } from './push.ts';
import { type Attempted, together, tryOnce } from './trying.ts';
import { NO_WORDS, type Outgoing, type Ways } from './ways.ts';

export async function pushOut(ctx: Context, going: Outgoing, devices: readonly PushDevice[], ways: Ways): Promise<Attempted> {
  const { message, kind, facts, reader, topic, expiresAt } = going;
  const { urgency, link } = kinds[kind];
  const rings = urgency === 'ring';
  const words = rings ? null : await ways.words(ctx, { kind, facts, channel: 'push', reader });
  if (!rings && words === null) return { again: false, told: false, code: NO_WORDS };
  const order: PushOrder = {
    id: message.id,
    kind,
    words,
    link: link(facts),
    callId: rings ? String(facts.callId) : null,
    collapseKey: topic,
    urgency,
    expiresAt,
  };
  const to = suitable(devices, urgency).filter(({ sessionId }) => sessionId !== going.notBy);
  return together(
    await Promise.all(
      to.map((device) =>
        tryOnce(ctx, { id: message.id, rung: 'push', deviceId: device.id, channel: device.platform }, expiresAt, async () => {
          const pushed = await ways.push(ctx, device, order);
          if ('dead' in pushed) await ways.forget(ctx, device, pushed.code);
          return pushed;
        }),
      ),
    ),
  );
}
