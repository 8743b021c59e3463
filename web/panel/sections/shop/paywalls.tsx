/** Paywalls: what is offered where somebody stands. One is in force at each place; links have one each. */
import { Link } from '@tanstack/react-router';
import { Fragment, useState } from 'react';
import { placement as placementSchema } from '../../../../worker/protocol/http/shop.ts';
import { type DeskPaywall, saleState } from '../../../../worker/protocol/http/shop-desk.ts';
import { Waiting } from '../../../ui/problem-note.tsx';
import { useGo, useQueryText } from '../../address.ts';
import { Choose } from '../../desk/choose.tsx';
import { Unread } from '../../desk/nothing.tsx';
import { useRowKeys } from '../../desk/row-keys.ts';
import { type Column, Rows, TableTools, useTable } from '../../desk/table.tsx';
import { When } from '../../desk/words.tsx';
import { Keys, useCommand } from '../../frame/shortcuts.tsx';
import { useWords } from '../../words.ts';
import { Parts } from './parts.tsx';
import { NewPaywall } from './paywall-form.tsx';
import { usePaywalls } from './reading.ts';
import { SaleMark } from './said.tsx';

export default function Paywalls() {
  const { t } = useWords();
  const go = useGo();
  const [query, setQuery] = useQueryText();
  const paywalls = usePaywalls();
  const [drafting, setDrafting] = useState(false);
  const placement = placementSchema.options.find((known) => known === query.placement);
  const state = saleState.options.find((known) => known === query.state);
  const list = useRowKeys<HTMLTableElement>();
  const offers = ({ offers: all }: DeskPaywall): string => all.map(({ product }) => product).join(', ');
  const table = useTable('paywalls', [
    {
      name: 'id',
      title: t('shop.paywall'),
      always: true,
      draw: ({ id }) => (
        <Link to="/shop/paywalls/$id" params={{ id }} className="mono" data-row={id}>
          {id}
        </Link>
      ),
      plain: ({ id }) => id,
    },
    {
      name: 'placement',
      title: t('shop.shownWhen'),
      draw: (one) => t(`shop.placement.${one.placement}`),
      plain: (one) => t(`shop.placement.${one.placement}`),
    },
    { name: 'state', title: t('calls.state'), draw: (one) => <SaleMark state={one.state} />, plain: (one) => t(`shop.state.${one.state}`) },
    {
      name: 'offers',
      title: t('shop.offers'),
      text: true,
      // A name is one word; between two of them the line may end.
      draw: ({ offers: all }) =>
        all.map(({ product }, n) => (
          <Fragment key={product}>
            {n > 0 && ', '}
            <span className="mono">{product}</span>
          </Fragment>
        )),
      plain: offers,
    },
    { name: 'layout', title: t('shop.layout'), draw: (one) => t(`shop.layouts.${one.layout}`), plain: ({ layout }) => layout },
    { name: 'changed', title: t('shop.changed'), draw: ({ changedAt }) => <When at={changedAt} />, plain: ({ changedAt }) => changedAt },
  ] satisfies Column<DeskPaywall>[]);
  useCommand({ keys: 'n', label: t('shop.newPaywall'), group: 'here', run: () => setDrafting(true) });
  const rows = (paywalls.data ?? []).filter((one) => (!placement || one.placement === placement) && (!state || one.state === state));
  return (
    <div className="stack-tight">
      <Parts part="paywalls">
        <search className="filters">
          <Choose
            label={t('shop.shownWhen')}
            value={placement}
            options={placementSchema.options}
            wordOf={(one) => t(`shop.placement.${one}`)}
            none={t('any')}
            onChange={(one) => setQuery({ placement: one })}
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
            {t('shop.newPaywall')} <Keys of="n" />
          </button>
        </search>
      </Parts>
      {paywalls.isPending && <Waiting />}
      {paywalls.isError && !paywalls.data && <Unread error={paywalls.error} onRetry={() => void paywalls.refetch()} />}
      {paywalls.data && <TableTools of={table} rows={rows} />}
      {paywalls.data && rows.length === 0 && (
        <p className="soft pad">{t(paywalls.data.length === 0 ? 'shop.noPaywalls' : 'shop.noneFits')}</p>
      )}
      {rows.length > 0 && (
        <Rows
          of={table}
          rows={rows}
          idOf={({ id }) => id}
          label={t('shop.part.paywalls')}
          tableRef={list}
          isGone={({ state: its }) => its === 'retired'}
        />
      )}
      {drafting && <NewPaywall onDrafted={(id) => go(`/shop/paywalls/${id}`)} onClose={() => setDrafting(false)} />}
    </div>
  );
}
