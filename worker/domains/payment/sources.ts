/** Every source of payments there is, joined once. One that is not listed, or not set up in an environment, is not there. */
import type { PaymentSource } from './payment-event.ts';
import type { Source } from './source.ts';

export type Sources = Readonly<Partial<Record<PaymentSource, Source>>>;

export const sources: Sources = {};
