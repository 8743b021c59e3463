/** Every source of payments there is, joined once. One that is not set up in an environment is off. */
import { adapty } from './adapty.ts';
import { apphud } from './apphud.ts';
import { apple } from './apple.ts';
import { google } from './google.ts';
import type { PaymentSource } from './payment-event.ts';
import type { Source } from './source.ts';
import { stripe } from './stripe.ts';

export type Sources = Readonly<Partial<Record<PaymentSource, Source>>>;

export const sources: Sources = { stripe, adapty, apple, google, apphud };
