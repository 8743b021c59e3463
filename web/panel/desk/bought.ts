import type { Purchase } from '../../../worker/protocol/http/payment-events.ts';
import type { StaffWords } from '../words.ts';
import { figure } from './words.tsx';

/** What a payment gave: “300 coins”, “The plan plus”. */
export function gaveWords(t: StaffWords, { granted, product }: Pick<Purchase, 'granted' | 'product'>): string {
  if (granted === null || product.kind === 'plan') return t('payments.plan', { plan: product.plan ?? product.id });
  return t(`shop.gives.${product.kind}`, { count: granted.amount, amount: figure(granted.amount) });
}
