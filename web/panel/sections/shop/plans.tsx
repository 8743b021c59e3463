/** Plans: what each includes in a day, and what happens when that is used up. */
import { useState } from 'react';
import type { CatalogPlan } from '../../../../worker/protocol/http/shop-desk.ts';
import { Waiting } from '../../../ui/problem-note.tsx';
import { type Done, DoneNote } from '../../desk/done.tsx';
import { Unread } from '../../desk/nothing.tsx';
import { useRowKeys } from '../../desk/row-keys.ts';
import { type Column, Rows, TableTools, useTable } from '../../desk/table.tsx';
import { figure } from '../../desk/words.tsx';
import { Keys, useCommand } from '../../frame/shortcuts.tsx';
import { useWords } from '../../words.ts';
import { Parts } from './parts.tsx';
import { PlanForm } from './plan-form.tsx';
import { usePlans, useProducts } from './reading.ts';

export default function Plans() {
  const { t } = useWords();
  const plans = usePlans();
  const products = useProducts();
  const [editing, setEditing] = useState<Pick<CatalogPlan, 'id'> | 'new' | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const list = useRowKeys<HTMLTableElement>();
  const soldAs = ({ id }: CatalogPlan): string =>
    (products.data ?? [])
      .filter(({ plan, state }) => plan === id && state === 'live')
      .map((product) => product.id)
      .join(', ');
  const table = useTable('plans', [
    {
      name: 'name',
      title: t('shop.plan'),
      always: true,
      draw: (plan) => (
        <>
          <button type="button" className="linkish" data-row={plan.id} onClick={() => setEditing(plan)}>
            {plan.name}
          </button>{' '}
          <span className="soft mono">{plan.id}</span>
        </>
      ),
      plain: ({ name }) => name,
    },
    {
      name: 'minutes',
      title: t('shop.dailyMinutes'),
      figure: true,
      draw: ({ dailySeconds }) => figure(dailySeconds / 60),
      plain: ({ dailySeconds }) => dailySeconds / 60,
    },
    {
      name: 'messages',
      title: t('shop.dailyMessages'),
      figure: true,
      draw: ({ dailyMessages }) => figure(dailyMessages),
      plain: ({ dailyMessages }) => dailyMessages,
    },
    { name: 'then', title: t('shop.overage'), draw: ({ overage }) => t(`shop.then.${overage}`), plain: ({ overage }) => overage },
    { name: 'sold', title: t('shop.soldAs'), draw: (plan) => <span className="mono">{soldAs(plan) || '–'}</span>, plain: soldAs },
    { name: 'rank', title: t('shop.rank'), figure: true, draw: ({ rank }) => rank, plain: ({ rank }) => rank },
  ] satisfies Column<CatalogPlan>[]);
  useCommand({ keys: 'n', label: t('shop.newPlan'), group: 'here', run: () => setEditing('new') });
  return (
    <div className="stack-tight">
      <Parts part="plans">
        <button type="button" className="act go" onClick={() => setEditing('new')}>
          {t('shop.newPlan')} <Keys of="n" />
        </button>
      </Parts>
      <DoneNote done={done} />
      {plans.isPending && <Waiting />}
      {plans.isError && !plans.data && <Unread error={plans.error} onRetry={() => void plans.refetch()} />}
      {plans.data?.length === 0 && <p className="soft pad">{t('shop.noPlans')}</p>}
      {plans.data && plans.data.length > 0 && (
        <>
          <TableTools of={table} rows={plans.data} />
          <Rows of={table} rows={plans.data} idOf={({ id }) => id} label={t('shop.part.plans')} tableRef={list} />
        </>
      )}
      {editing !== null && (
        <PlanForm
          // As it stands now: somebody else may change it meanwhile.
          plan={plans.data?.find(({ id }) => editing !== 'new' && id === editing.id) ?? null}
          ranks={(plans.data ?? []).map(({ rank }) => rank)}
          onDone={setDone}
          onClose={() => setEditing(null)}
        />
      )}
    </div>
  );
}
