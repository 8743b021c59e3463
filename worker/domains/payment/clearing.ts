/** Deliveries that had their effect are not kept word for word for ever: they name people. */
import type { Context } from '../../platform/context.ts';
import { setting } from '../settings/service.ts';
import { clearRaw, wholeDeliveries } from './delivery-store.ts';

const DAY_MS = 86_400_000;
/** Read into memory together; each may be as large as a webhook may be. */
const AT_ONCE = 50;

/**
 * Takes the bytes of deliveries that were applied so many days ago (`shop.keepDeliveryDays`), and keeps their hash. Told again,
 * such a delivery is still the one that was kept. What waits, is dead or came to nothing stays whole: it may be taken up again.
 */
export async function clearOldDeliveries(ctx: Context): Promise<void> {
  const before = ctx.now - (await setting(ctx, 'shop.keepDeliveryDays')) * DAY_MS;
  for (;;) {
    const whole = await wholeDeliveries(ctx.env.DB, before, AT_ONCE);
    await clearRaw(ctx.env.DB, await Promise.all(whole.map(async ({ id, raw }) => ({ id, rawHash: await sha256(raw) }))));
    if (whole.length < AT_ONCE) return;
  }
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
