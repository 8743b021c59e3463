/** The port of a source of payments: an adapter a source (`stripe.ts`, `adapty.ts`, …), listed once in `sources.ts`. */
import type { Context } from '../../platform/context.ts';
import type { Delivery, Interpretation, PaymentSource, Verdict } from './payment-event.ts';

export interface Source {
  readonly name: PaymentSource;
  /** Decides on the raw bytes, before anything is stored. Never throws for bad input. */
  verify(ctx: Context, delivery: Delivery): Promise<Verdict>;
  /** What a verified delivery says. May ask the store; the same delivery may be asked about many times. */
  interpret(ctx: Context, stored: { readonly sourceEventId: string; readonly raw: string }): Promise<Interpretation>;
}
