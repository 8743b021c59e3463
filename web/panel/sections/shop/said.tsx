/** What is sold, in words. */

import type * as z from 'zod/mini';
import type { CatalogPlan, CatalogProduct, saleState } from '../../../../worker/protocol/http/shop-desk.ts';
import { figure } from '../../desk/words.tsx';
import { type StaffWords, useWords } from '../../words.ts';

export type SaleState = z.infer<typeof saleState>;

/** “300 coins”, “Plus, by the month”. */
export function givesWords(t: StaffWords, product: CatalogProduct, plans: readonly CatalogPlan[]): string {
  const { kind, amount, plan, period } = product;
  if (kind === 'plan') return t(`shop.per.${period ?? 'month'}`, { plan: plans.find(({ id }) => id === plan)?.name ?? plan ?? '' });
  return t(`shop.gives.${kind}`, { count: amount ?? 0, amount: figure(amount ?? 0) });
}

/** “30 minutes and 20 messages a day, then coins”. */
export const planWords = (
  t: StaffWords,
  { dailySeconds, dailyMessages, overage }: Omit<CatalogPlan, 'id' | 'rank' | 'name' | 'changedAt'>,
): string =>
  t('shop.includes', {
    time: t('shop.minutes', { count: dailySeconds / 60, amount: figure(Math.round((dailySeconds / 60) * 10) / 10) }),
    messages: t('shop.messages', { count: dailyMessages, amount: figure(dailyMessages) }),
    then: t(`shop.then.${overage}`),
  });

export function SaleMark({ state }: { state: SaleState }) {
  const { t } = useWords();
  return <span className={`state ${state === 'live' ? 'published' : state}`}>{t(`shop.state.${state}`)}</span>;
}
