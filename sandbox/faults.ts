/** Faults on demand: the next answers of a service are not what they should be, for everybody or for one device. */

export const services = [
  'webpush',
  'fcm',
  'google_token',
  'apns',
  'onesignal',
  'sendgrid',
  'twilio',
  'stripe',
  'google_keys',
  'play',
] as const;
export type Service = (typeof services)[number];

export interface Fault {
  /** An HTTP status, said in the service's own way, or no answer at all. */
  readonly status: number | 'silence';
  /** Seconds, as `Retry-After`. */
  readonly retryAfter: number | null;
  /** The service's own word for it, where one status has several. */
  readonly reason: string | null;
}

export interface FaultOrder extends Fault {
  readonly service: Service;
  /** The device, address or number it is for; null: whoever asks next. */
  readonly to: string | null;
  /** How many answers. */
  readonly times: number;
}

export class Faults {
  readonly #orders: (FaultOrder & { left: number })[] = [];

  add(order: FaultOrder): void {
    this.#orders.push({ ...order, left: order.times });
  }

  /** The fault of this answer, if there is one; used up by it. The oldest order that fits comes first. */
  take(service: Service, to: string | null): Fault | null {
    const order = this.#orders.find((each) => each.service === service && (each.to === null || each.to === to));
    if (!order) return null;
    order.left -= 1;
    if (order.left === 0) this.#orders.splice(this.#orders.indexOf(order), 1);
    return order;
  }

  clear(): void {
    this.#orders.length = 0;
  }
}

/** An order as it is asked for, or what is wrong with it. */
export function readFaultOrder(body: unknown): FaultOrder | string {
  const { service, to = null, status, times = 1, retryAfter = null, reason = null } = (body ?? {}) as Record<string, unknown>;
  const isService = services.some((known) => known === service);
  if (!isService) return `service must be one of ${services.join(', ')}`;
  if (status !== 'silence' && !(Number.isInteger(status) && Number(status) >= 300 && Number(status) <= 599))
    return 'status must be silence, or a status from 300 to 599';
  if (!(Number.isInteger(times) && Number(times) >= 1)) return 'times must be a whole number';
  if (retryAfter !== null && !(Number.isInteger(retryAfter) && Number(retryAfter) >= 0)) return 'retryAfter must be whole seconds';
  for (const text of [to, reason]) if (text !== null && typeof text !== 'string') return 'to and reason must be text';
  return { service, to, status, times, retryAfter, reason } as FaultOrder;
}
