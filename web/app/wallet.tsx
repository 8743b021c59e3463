/** The member's coins: how many, what they are worth in talk, how to add, and every change. */
import { useTranslation } from 'react-i18next';
import { BalanceEvents } from '../ui/balance-events.tsx';
import { amountAndTimeWords, amountWords, priceWords } from '../ui/format.ts';
import { Page } from '../ui/frame.tsx';
import { useSession } from '../ui/session.tsx';
import { TopUp } from '../ui/top-up.tsx';
import { useStore } from '../ui/use-store.ts';
import { useUsualPrice } from './gallery.ts';

export function Wallet() {
  const { live } = useSession();
  const { t } = useTranslation();
  const amounts = useStore(live.balance.amounts);
  const price = useUsualPrice();
  const coins = { unit: 'COIN', amount: amounts?.COIN ?? 0 } as const;
  const withTime = amountAndTimeWords(t, coins, price);
  return (
    <Page>
      <div className="narrow stack">
        <div className="stack-tight">
          <h1>{t('wallet.title')}</h1>
          <p className="soft">{t('wallet.lead')}</p>
        </div>
        <section className="sheet stack-tight" aria-label={t('wallet.have')}>
          <p className="soft">{t('wallet.have')}</p>
          <p className="big-number" data-testid="wallet-total">
            {amounts ? amountWords(t, coins) : '…'}
          </p>
          {amounts && coins.amount > 0 && withTime !== amountWords(t, coins) && (
            <p className="lead-line" data-testid="wallet-time">
              {withTime}
            </p>
          )}
          {(amounts?.MOMENT ?? 0) > 0 && <p>{amountWords(t, { unit: 'MOMENT', amount: amounts?.MOMENT ?? 0 })}</p>}
          {price && <p className="soft">{t('wallet.price', { price: priceWords(t, price) })}</p>}
        </section>
        <section className="sheet stack" aria-label={t('wallet.add')}>
          <h2>{t('wallet.add')}</h2>
          <TopUp price={price} />
        </section>
        <BalanceEvents />
      </div>
    </Page>
  );
}
