/** One product: what it gives, where it is sold, what it costs and did cost; putting it on sale and taking it off for good. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type CatalogPrice, type CatalogProduct, changeProduct, endPrice } from '../../../../worker/protocol/http/shop-desk.ts';
import { Waiting } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { useNow } from '../../../ui/use-store.ts';
import { useGo, usePathId } from '../../address.ts';
import { Dialog } from '../../desk/dialog.tsx';
import { type Done, DoneNote } from '../../desk/done.tsx';
import { Fact } from '../../desk/fact.tsx';
import { moneyWords } from '../../desk/money.ts';
import { Nothing, Unread } from '../../desk/nothing.tsx';
import { useRowKeys } from '../../desk/row-keys.ts';
import { type Column, Rows, TableTools, useTable } from '../../desk/table.tsx';
import { When } from '../../desk/words.tsx';
import { Keys, useCommand } from '../../frame/shortcuts.tsx';
import { useWords } from '../../words.ts';
import { NewPrice } from './new-price.tsx';
import { stateOf } from './prices.ts';
import { Rank } from './rank.tsx';
import { usePaywalls, usePlans, useProducts, useRenew } from './reading.ts';
import { givesWords, planWords, SaleMark } from './said.tsx';
import { Selling } from './selling.tsx';
import './shop.css';

const MINUTE_MS = 60_000;

export default function ProductPage() {
  const id = usePathId();
  const products = useProducts();
  if (products.isError) return <Unread error={products.error} onRetry={() => void products.refetch()} />;
  if (!products.data) return <Waiting />;
  const product = products.data.find((one) => one.id === id);
  return product ? <Product product={product} /> : <Nothing />;
}

function Product({ product }: { product: CatalogProduct }) {
  const { api } = useSession();
  const { t } = useWords();
  const go = useGo();
  const renew = useRenew();
  const plans = usePlans().data ?? [];
  const paywalls = usePaywalls().data ?? [];
  const [asking, setAsking] = useState<'price' | 'rank' | 'live' | 'retired' | CatalogPrice | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const { id, state } = product;
  const plan = plans.find((one) => one.id === product.plan);
  const places = paywalls.filter((paywall) => paywall.state === 'live' && paywall.offers.some((offer) => offer.product === id));
  const open = state !== 'retired';
  useCommand({ keys: 'Escape', label: t('shop.back'), group: 'here', run: () => go('/shop') });
  useCommand({ keys: 'n', label: t('shop.newPrice'), group: 'here', run: () => setAsking('price') }, open);
  useCommand({ keys: 'p', label: t('shop.putOnSale'), group: 'here', run: () => setAsking('live') }, state === 'draft');
  useCommand({ keys: 'e', label: t('shop.move'), group: 'here', run: () => setAsking('rank') }, open);
  return (
    <div className="stack-tight">
      <div className="head">
        <div>
          <p className="crumbs">
            <Link to="/shop">{t('sections.shop')}</Link>
          </p>
          <h1>
            {givesWords(t, product, plans)} <SaleMark state={state} />
          </h1>
          <p className="soft mono">{id}</p>
        </div>
        {open && (
          <span className="row-tight">
            <button type="button" className="act" onClick={() => setAsking('rank')}>
              {t('shop.move')} <Keys of="e" />
            </button>
            <button type="button" className="act" onClick={() => setAsking('price')}>
              {t('shop.newPrice')} <Keys of="n" />
            </button>
            <button type="button" className="act stop" onClick={() => setAsking('retired')}>
              {t(state === 'draft' ? 'tariffs.discard' : 'shop.retire')}
            </button>
            {state === 'draft' && (
              <button type="button" className="act go" onClick={() => setAsking('live')}>
                {t('shop.putOnSale')} <Keys of="p" />
              </button>
            )}
          </span>
        )}
      </div>
      <DoneNote done={done} />
      <dl className="facts">
        <Fact name={t('shop.kind')}>{t(`shop.kinds.${product.kind}`)}</Fact>
        <Fact name={t('shop.rank')}>{product.rank}</Fact>
        {plan && <Fact name={t('shop.planIncludes')}>{planWords(t, plan)}</Fact>}
        <Fact name={t('shop.offeredIn')}>
          {places.length === 0
            ? t('shop.noPaywall')
            : places.map((paywall) => (
                <Link key={paywall.id} to="/shop/paywalls/$id" params={{ id: paywall.id }} className="block-line">
                  {t(`shop.placement.${paywall.placement}`)}
                </Link>
              ))}
        </Fact>
        <Fact name={t('shop.changed')}>
          <When at={product.changedAt} />
        </Fact>
      </dl>
      <Prices product={product} onEnd={setAsking} />
      {asking === 'price' && <NewPrice product={product} onDone={setDone} onClose={() => setAsking(null)} />}
      {asking === 'rank' && <Rank product={product} onDone={setDone} onClose={() => setAsking(null)} />}
      {(asking === 'live' || asking === 'retired') && (
        <Selling
          name={id}
          now={product}
          to={asking}
          lead={
            <p>
              {asking === 'live'
                ? t(product.prices.length === 0 ? 'shop.liveNoPrice' : 'shop.liveLead')
                : t(state === 'draft' ? 'shop.discardLead' : 'shop.retireLead')}
              {asking === 'retired' && places.length > 0 && ` ${t('shop.retirePaywalls', { count: places.length })}`}
            </p>
          }
          write={(seenChangedAt) => api.call(changeProduct, { params: { id }, body: { state: asking, seenChangedAt } })}
          onDone={setDone}
          onClose={() => setAsking(null)}
        />
      )}
      {asking !== null && typeof asking === 'object' && (
        <Dialog
          title={t('shop.endTitle', { price: moneyWords(asking) })}
          confirm={t('shop.end')}
          danger
          onClose={() => setAsking(null)}
          onConfirm={async () => {
            await api.call(endPrice, { params: { id: asking.id }, body: {} });
            await renew();
            setDone({ said: t('shop.ended', { price: moneyWords(asking) }) });
          }}
        >
          <p>{t('shop.endLead', { platform: t(`shop.platform.${asking.platform}`) })}</p>
        </Dialog>
      )}
    </div>
  );
}

function Prices({ product, onEnd }: { product: CatalogProduct; onEnd: (price: CatalogPrice) => void }) {
  const { t } = useWords();
  const now = useNow(MINUTE_MS);
  const list = useRowKeys<HTMLTableElement>();
  const standing = (price: CatalogPrice) => stateOf(price, product.prices, now);
  const prices = product.prices.toSorted(
    (a, b) => a.platform.localeCompare(b.platform) || Date.parse(b.activeFrom) - Date.parse(a.activeFrom),
  );
  const table = useTable('prices', [
    {
      name: 'platform',
      title: t('shop.where'),
      always: true,
      draw: ({ platform, store }) => (
        <>
          {t(`shop.platform.${platform}`)} <span className="soft">{t(`shop.store.${store}`)}</span>
        </>
      ),
      plain: ({ platform }) => platform,
    },
    {
      name: 'price',
      title: t('shop.price'),
      figure: true,
      always: true,
      draw: (price) => moneyWords(price),
      plain: ({ amount, currency }) => `${amount} ${currency}`,
    },
    {
      name: 'state',
      title: t('calls.state'),
      draw: (price) => <span className={`state price-${standing(price)}`}>{t(`shop.priceState.${standing(price)}`)}</span>,
      plain: (price) => t(`shop.priceState.${standing(price)}`),
    },
    { name: 'from', title: t('shop.from'), draw: ({ activeFrom }) => <When at={activeFrom} />, plain: ({ activeFrom }) => activeFrom },
    {
      name: 'until',
      title: t('shop.until'),
      draw: ({ activeUntil }) => (activeUntil ? <When at={activeUntil} /> : '–'),
      plain: ({ activeUntil }) => activeUntil,
    },
    {
      name: 'ref',
      title: t('shop.storeRef'),
      draw: ({ storeRef }) => <span className="mono">{storeRef}</span>,
      plain: ({ storeRef }) => storeRef,
    },
    { name: 'id', title: t('table.id'), aside: true, draw: ({ id }) => <span className="mono">{id}</span>, plain: ({ id }) => id },
    {
      name: 'end',
      title: t('actions'),
      draw: (price) =>
        price.activeUntil === null && (
          <button
            type="button"
            className="act"
            data-row={price.id}
            aria-label={t('shop.endOf', { price: moneyWords(price), platform: t(`shop.platform.${price.platform}`) })}
            onClick={() => onEnd(price)}
          >
            {t('shop.end')}
          </button>
        ),
      plain: () => null,
    },
  ] satisfies Column<CatalogPrice>[]);
  return (
    <section className="stack-tight" aria-labelledby="prices">
      <h2 id="prices">{t('shop.prices')}</h2>
      {prices.length === 0 ? (
        <p className="soft">{t('shop.noPrices')}</p>
      ) : (
        <>
          <TableTools of={table} rows={prices} />
          <Rows
            of={table}
            rows={prices}
            idOf={({ id }) => id}
            label={t('shop.prices')}
            tableRef={list}
            isGone={(price) => standing(price) === 'ended'}
          />
        </>
      )}
    </section>
  );
}
