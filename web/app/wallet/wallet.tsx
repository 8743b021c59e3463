/** What one has to talk with, how to add, the limits one sets, and everything that happened, by the way one pays. */
import './wallet.css';
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/frame.tsx';
import { useLocal } from '../../ui/local.ts';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { TopUp } from '../../ui/top-up.tsx';
import { useUsualPrice } from '../gallery.ts';
import { pricingModelOf, useMeans, useShop } from './asking.ts';
import { AutomaticTopUp } from './automatic.tsx';
import { Buying } from './buying.tsx';
import { Cards } from './cards.tsx';
import { Changes } from './changes.tsx';
import { Have } from './have.tsx';
import { Limits } from './limits.tsx';
import { PlanSection, useOwnPlan } from './plan.tsx';
import { Purchases } from './purchases.tsx';
import { UnderWay } from './under-way.tsx';
import { shopWords } from './words.ts';

await shopWords;

export function Wallet() {
  const { me } = useSession();
  const { t } = useTranslation();
  const means = useMeans();
  const shop = useShop();
  const price = useUsualPrice();
  const local = useLocal() === true;
  const model = pricingModelOf(me.monetizationVersion);
  const own = useOwnPlan();
  const offers = shop.data?.offers;
  // Two plans at once would be paid twice: who has one changes it.
  const open = own.data ? offers?.filter(({ kind }) => kind !== 'plan') : offers;
  const coins = offers?.filter(({ kind }) => kind === 'coins') ?? [];
  return (
    <Page>
      <div className="narrow stack">
        <div className="stack-tight">
          <h1>{t(`shop.title.${model}`)}</h1>
          <p className="soft">{t(`shop.lead.${model}`)}</p>
        </div>
        <UnderWay />
        {means.data ? (
          <Have means={means.data} price={price} offers={offers} />
        ) : means.isError ? (
          <ProblemNote error={means.error} onRetry={() => void means.refetch()} />
        ) : (
          <Waiting />
        )}
        {own.data && <PlanSection offers={offers ?? []} />}
        {!(own.data && open?.length === 0) && (
          <section className="sheet stack" aria-label={t(`shop.add.${own.data ? 'tokens' : model}`)}>
            <h2>{t(`shop.add.${own.data ? 'tokens' : model}`)}</h2>
            {(shop.isPending || own.isPending) && <Waiting />}
            {shop.isError && <ProblemNote error={shop.error} onRetry={() => void shop.refetch()} />}
            {open?.length === 0 && <p>{t('shop.noOffers')}</p>}
            {open && open.length > 0 && !own.isPending && <Buying offers={open} placement={null} price={price} backTo="/wallet" />}
          </section>
        )}
        {local && (
          <section className="sheet stack" aria-label={t('shop.desk')}>
            <h2>{t('shop.desk')}</h2>
            <TopUp price={price} />
          </section>
        )}
        <Purchases offers={offers} />
        <Changes />
        <Cards />
        {coins.length > 0 && <AutomaticTopUp offers={coins} price={price} />}
        <Limits currency={shop.data?.currency ?? 'EUR'} />
      </div>
    </Page>
  );
}
