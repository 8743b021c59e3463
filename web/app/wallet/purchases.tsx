/** What was bought and what of it was given back, in plain words, each with the way to say that it is wrong. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { listPurchases, type Purchase } from '../../../worker/protocol/http/payment-events.ts';
import type { Offer } from '../../../worker/protocol/http/shop.ts';
import { Button } from '../../ui/button.tsx';
import { amountWords, whenWords } from '../../ui/format.ts';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { useNow, useStore } from '../../ui/use-store.ts';
import { moneyWords, planNameOf } from './money-words.ts';
import { WrongPurchase } from './wrong-purchase.tsx';

const AT_ONCE = 5;

export function Purchases({ offers }: { offers: readonly Offer[] | undefined }) {
  const { api, live } = useSession();
  const { t } = useTranslation();
  const amounts = useStore(live.balance.amounts);
  const bought = useInfiniteQuery({
    queryKey: ['purchases', amounts],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      api.call(listPurchases, { query: { limit: AT_ONCE, ...(pageParam === undefined ? {} : { cursor: pageParam }) } }),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const items = bought.data?.pages.flatMap((page) => page.items);
  return (
    <section className="sheet stack" aria-label={t('shop.bought.title')}>
      <h2>{t('shop.bought.title')}</h2>
      {bought.isPending && <Waiting />}
      {bought.isError && <ProblemNote error={bought.error} onRetry={() => void bought.refetch()} />}
      {items?.length === 0 && <p className="soft">{t('shop.bought.empty')}</p>}
      <ul className="rows">
        {items?.map((purchase) => (
          <li key={purchase.id}>
            <Line purchase={purchase} offers={offers} />
          </li>
        ))}
      </ul>
      {bought.hasNextPage && (
        <div>
          <Button variant="default" loading={bought.isFetchingNextPage} onClick={() => void bought.fetchNextPage()}>
            {t('shop.bought.older')}
          </Button>
        </div>
      )}
    </section>
  );
}

function Line({ purchase, offers }: { purchase: Purchase; offers: readonly Offer[] | undefined }) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const { granted, takenBack, money, refunded, state, store, product } = purchase;
  const what = granted
    ? amountWords(t, granted)
    : t('shop.planNamed', { plan: product.plan === null ? '' : planNameOf(product.plan, offers) });
  return (
    <div className="stack-tight purchase">
      <div className="line wrap">
        <span className="grow">
          <strong>{what}</strong>
          <br />
          <span className="soft">
            {whenWords(purchase.at, now)} · {t(`shop.bought.store.${store}`)}
          </span>
        </span>
        {money && <span className="number">{moneyWords(money)}</span>}
      </div>
      {state !== 'paid' && (
        <p className="note" role="status">
          {refunded ? t(`shop.bought.${state}`, { money: moneyWords(refunded) }) : t('shop.bought.refundedAll')}
          {granted &&
            takenBack > 0 &&
            ` ${t('shop.bought.takenBack', { amount: amountWords(t, { unit: granted.unit, amount: takenBack }) })}`}
        </p>
      )}
      <WrongPurchase purchaseId={purchase.id} what={what} />
    </div>
  );
}
