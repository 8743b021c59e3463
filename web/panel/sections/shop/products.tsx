/** Everything that is or was sold, with what it costs where. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type Platform, platform } from '../../../../worker/protocol/http/shop.ts';
import { type CatalogProduct, saleState } from '../../../../worker/protocol/http/shop-desk.ts';
import { Waiting } from '../../../ui/problem-note.tsx';
import { useNow } from '../../../ui/use-store.ts';
import { useGo, useQueryText } from '../../address.ts';
import { Choose } from '../../desk/choose.tsx';
import { moneyWords } from '../../desk/money.ts';
import { Unread } from '../../desk/nothing.tsx';
import { useRowKeys } from '../../desk/row-keys.ts';
import { type Column, Rows, TableTools, useTable } from '../../desk/table.tsx';
import { When } from '../../desk/words.tsx';
import { Keys, useCommand } from '../../frame/shortcuts.tsx';
import { useWords } from '../../words.ts';
import { NewProduct } from './new-product.tsx';
import { Parts } from './parts.tsx';
import { costs } from './prices.ts';
import { usePlans, useProducts } from './reading.ts';
import { givesWords, SaleMark } from './said.tsx';
import { WherePlans } from './where-plans.tsx';

const kinds = ['coins', 'moments', 'plan'] as const;
const MINUTE_MS = 60_000;

export default function Products() {
  const { t } = useWords();
  const go = useGo();
  const [query, setQuery] = useQueryText();
  const products = useProducts();
  const plans = usePlans();
  const now = useNow(MINUTE_MS);
  const [drafting, setDrafting] = useState(false);
  const kind = kinds.find((known) => known === query.kind);
  const state = saleState.options.find((known) => known === query.state);
  const list = useRowKeys<HTMLTableElement>();
  const gives = (product: CatalogProduct): string => givesWords(t, product, plans.data ?? []);
  const priceWords = (product: CatalogProduct, on: Platform): string =>
    costs(product, on, now)
      .map((price) => moneyWords(price))
      .join(', ');
  const priceColumn = (on: Platform): Column<CatalogProduct> => ({
    name: on,
    title: t(`shop.platform.${on}`),
    draw: (product) => <span className="figures">{priceWords(product, on) || '–'}</span>,
    plain: (product) => priceWords(product, on),
  });
  const table = useTable('products', [
    {
      name: 'id',
      title: t('shop.product'),
      always: true,
      draw: ({ id }) => (
        <Link to="/shop/products/$id" params={{ id }} className="mono" data-row={id}>
          {id}
        </Link>
      ),
      plain: ({ id }) => id,
    },
    { name: 'gives', title: t('shop.what'), draw: gives, plain: gives },
    { name: 'state', title: t('calls.state'), draw: (one) => <SaleMark state={one.state} />, plain: (one) => t(`shop.state.${one.state}`) },
    ...platform.options.map(priceColumn),
    { name: 'rank', title: t('shop.rank'), figure: true, draw: ({ rank }) => rank, plain: ({ rank }) => rank },
    {
      name: 'changed',
      title: t('shop.changed'),
      aside: true,
      draw: ({ changedAt }) => <When at={changedAt} />,
      plain: ({ changedAt }) => changedAt,
    },
  ] satisfies Column<CatalogProduct>[]);
  useCommand({ keys: 'n', label: t('shop.new'), group: 'here', run: () => setDrafting(true) });
  const rows = (products.data ?? []).filter((one) => (!kind || one.kind === kind) && (!state || one.state === state));
  return (
    <div className="stack-tight">
      <Parts part="products">
        <search className="filters">
          <Choose
            label={t('shop.kind')}
            value={kind}
            options={kinds}
            wordOf={(one) => t(`shop.kinds.${one}`)}
            none={t('any')}
            onChange={(one) => setQuery({ kind: one })}
          />
          <Choose
            label={t('calls.state')}
            value={state}
            options={saleState.options}
            wordOf={(one) => t(`shop.state.${one}`)}
            none={t('any')}
            onChange={(one) => setQuery({ state: one })}
          />
          <button type="button" className="act go" onClick={() => setDrafting(true)}>
            {t('shop.new')} <Keys of="n" />
          </button>
        </search>
      </Parts>
      <WherePlans />
      {products.isPending && <Waiting />}
      {products.isError && !products.data && <Unread error={products.error} onRetry={() => void products.refetch()} />}
      {products.data && <TableTools of={table} rows={rows} />}
      {products.data && rows.length === 0 && (
        <p className="soft pad">{t(products.data.length === 0 ? 'shop.noProducts' : 'shop.noneFits')}</p>
      )}
      {rows.length > 0 && (
        <Rows
          of={table}
          rows={rows}
          idOf={({ id }) => id}
          label={t('shop.part.products')}
          tableRef={list}
          isGone={({ state: its }) => its === 'retired'}
        />
      )}
      {drafting && (
        <NewProduct
          plans={plans.data ?? []}
          ranks={(products.data ?? []).map(({ rank }) => rank)}
          onClose={() => setDrafting(false)}
          onDrafted={(id) => go(`/shop/products/${id}`)}
        />
      )}
    </div>
  );
}
