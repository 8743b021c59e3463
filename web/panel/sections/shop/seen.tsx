/** A paywall as a member finds it: who pays how, on which platform, in which currency; and why what is missing is missing. */
import { useQuery } from '@tanstack/react-query';
import { listSettings } from '../../../../worker/protocol/http/admin.ts';
import { type Platform, platform as platformSchema } from '../../../../worker/protocol/http/shop.ts';
import type { DeskPaywall } from '../../../../worker/protocol/http/shop-desk.ts';
import { monetizationVersion } from '../../../../worker/protocol/people.ts';
import { useSession } from '../../../ui/session.tsx';
import { useNow } from '../../../ui/use-store.ts';
import { useQueryText } from '../../address.ts';
import { Choose } from '../../desk/choose.tsx';
import { moneyWords } from '../../desk/money.ts';
import { useWords } from '../../words.ts';
import { currenciesOf, offeredTo, planOf } from './offered.ts';
import { useOfferWords } from './paywall-form.tsx';
import { usePlans, useProducts } from './reading.ts';
import { planWords } from './said.tsx';

const MINUTE_MS = 60_000;

export function Seen({ paywall }: { paywall: DeskPaywall }) {
  const { api } = useSession();
  const { t } = useWords();
  const [query, setQuery] = useQueryText();
  const now = useNow(MINUTE_MS);
  const [products, plans] = [useProducts().data ?? [], usePlans().data ?? []];
  const wordOf = useOfferWords();
  const settings = useQuery({ queryKey: ['settings'], queryFn: ({ signal }) => api.call(listSettings, { signal }) });
  const where = settings.data?.items.find(({ key }) => key === 'shop.subscriptions')?.value as Record<Platform, boolean> | undefined;
  const currencies = currenciesOf(products);
  const model = monetizationVersion.options.find((known) => known === query.model) ?? 'tokens';
  const platform = platformSchema.options.find((known) => known === query.on) ?? 'web';
  const currency = currencies.find((known) => known === query.currency) ?? currencies[0] ?? '';
  const offers = offeredTo(paywall, products, { model, platform, currency, now, plansOn: where?.[platform] ?? true });
  const there = offers.filter(({ price }) => price !== null);
  return (
    <section className="stack-tight" aria-labelledby="seen">
      <h2 id="seen">{t('shop.seen')}</h2>
      <div className="entries-row">
        <Choose
          label={t('people.model')}
          value={model}
          options={monetizationVersion.options}
          wordOf={(one) => t(`model.${one}`)}
          onChange={(one) => setQuery({ model: one })}
        />
        <Choose
          label={t('shop.where')}
          value={platform}
          options={platformSchema.options}
          wordOf={(one) => t(`shop.platform.${one}`)}
          onChange={(one) => setQuery({ on: one })}
        />
        <Choose
          label={t('shop.currency')}
          value={currency}
          options={currencies}
          wordOf={(one) => one}
          onChange={(one) => setQuery({ currency: one })}
        />
      </div>
      {there.length === 0 && <p className="note warn">{t('shop.seenNothing')}</p>}
      <ul className={`seen-offers ${paywall.layout}`}>
        {offers.map((offer) => {
          const plan = planOf(
            products.find(({ id }) => id === offer.product),
            plans,
          );
          return offer.price ? (
            <li key={offer.product} className={offer.highlighted ? 'card highlighted' : 'card'}>
              {offer.highlighted && <strong className="block-line">{t('shop.highlighted')}</strong>}
              <span className="block-line">{wordOf(offer.product)}</span>
              <span className="big figures block-line">{moneyWords(offer.price)}</span>
              {plan && <span className="soft block-line">{planWords(t, plan)}</span>}
              {offer.onlyWithCoins && <span className="soft block-line">{t('shop.onlyWithCoins')}</span>}
            </li>
          ) : (
            <li key={offer.product} className="left-out soft">
              {wordOf(offer.product)}: {t(`shop.because.${offer.because}`)}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
