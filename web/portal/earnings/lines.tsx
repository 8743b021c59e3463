/** Single earnings, each of which explains itself when asked. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type * as z from 'zod/mini';
import { type ExplainedEarning, type earning, explainEarning, listEarnings } from '../../../worker/protocol/http/earnings.ts';
import type { CallId } from '../../../worker/protocol/ids.ts';
import { Button } from '../../ui/button.tsx';
import { amountWords, durationWords, timeWords } from '../../ui/format.ts';
import { locale } from '../../ui/i18n.ts';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { checked } from './formula.ts';

type Earning = z.infer<typeof earning>;
type Filter = { readonly callId: CallId } | { readonly date: string };

/** Earnings of calls are the rule; the rest has a name of its own. */
const kindWords = (t: TFunction, kind: string): string =>
  kind === 'earning'
    ? t('desk.earn.fromCall')
    : kind === 'adjustment'
      ? t('wallet.kind.adjustment')
      : kind === 'reversal'
        ? t('wallet.kind.reversal')
        : t('wallet.kind.other');

/**
 * @param stamp grows when there may be more
 * @param oldestFirst as on a pay slip
 * @param ofCall the call is the page itself: no way to it
 */
export interface EarningLinesProps {
  readonly filter: Filter;
  readonly stamp?: string;
  readonly oldestFirst?: boolean;
  readonly ofCall?: boolean;
}

export function EarningLines({ filter, stamp = '', oldestFirst = false, ofCall = false }: EarningLinesProps) {
  const { api } = useSession();
  const { t } = useTranslation();
  const lines = useInfiniteQuery({
    queryKey: ['earnings', 'lines', filter, stamp],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      api.call(listEarnings, { query: { limit: 100, ...filter, ...(pageParam === null ? {} : { cursor: pageParam }) } }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: (before) => before,
  });
  const [open, setOpen] = useState<string | null>(null);
  if (lines.isPending) return <Waiting />;
  if (lines.isError) return <ProblemNote error={lines.error} onRetry={() => void lines.refetch()} />;
  const items = lines.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <p className="soft quiet">{t('desk.earn.none')}</p>;
  const shown = oldestFirst ? items.toReversed() : items;
  return (
    <>
      <ul className="rows earn-rows">
        {shown.map((item) => (
          <li key={item.id}>
            <Line item={item} ofCall={ofCall} open={open === item.id} onToggle={() => setOpen(open === item.id ? null : item.id)} />
          </li>
        ))}
      </ul>
      {lines.hasNextPage && (
        <div>
          <Button size="md" variant="default" loading={lines.isFetchingNextPage} onClick={() => void lines.fetchNextPage()}>
            {t('calls.more')}
          </Button>
        </div>
      )}
    </>
  );
}

function Line({ item, open, ofCall, onToggle }: { item: Earning; open: boolean; ofCall: boolean; onToggle: () => void }) {
  const { t } = useTranslation();
  const time = new Intl.DateTimeFormat(locale(), { hour: 'numeric', minute: '2-digit', second: '2-digit' }).format(new Date(item.at));
  return (
    <>
      <button type="button" className="earn-line" aria-expanded={open} onClick={onToggle}>
        <span className="soft number-like">{time}</span>
        <span className="grow">{ofCall ? '' : kindWords(t, item.kind)}</span>
        <span className="number">{amountWords(t, { unit: 'EARN', amount: item.amount })}</span>
        <span className="explain-word">{t(open ? 'desk.earn.hide' : 'desk.earn.explain')}</span>
      </button>
      {open && <Explained id={item.id} ofCall={ofCall} />}
    </>
  );
}

function Explained({ id, ofCall }: { id: Earning['id']; ofCall: boolean }) {
  const { api } = useSession();
  const { t } = useTranslation();
  const answer = useQuery({
    queryKey: ['earnings', 'explain', id],
    queryFn: () => api.call(explainEarning, { params: { id } }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (answer.isPending) return <Waiting />;
  if (answer.isError) return <ProblemNote error={answer.error} onRetry={() => void answer.refetch()} />;
  const { earning: one } = answer.data;
  return (
    <div className="explained" data-testid="explained">
      {one.formula ? <Formula one={one} formula={one.formula} /> : <p>{t('desk.earn.noTariff')}</p>}
      {one.callId && !ofCall && (
        <Link className="to-call" to="/calls/$id" params={{ id: one.callId }}>
          {t('desk.earn.toCall')}
        </Link>
      )}
    </div>
  );
}

function Formula({ one, formula }: { one: ExplainedEarning; formula: NonNullable<ExplainedEarning['formula']> }) {
  const { t } = useTranslation();
  const check = checked(one);
  const amount = (value: number): string => value.toLocaleString(locale());
  return (
    <>
      <p className="formula" data-testid="formula">
        {t('desk.earn.formula', {
          base: amount(formula.tariffAmount),
          multiplier: formula.multiplier,
          result: amountWords(t, { unit: one.unit, amount: one.amount }),
        })}
      </p>
      <dl className="slip-facts">
        <div>
          <dt>{t('desk.earn.tariff')}</dt>
          <dd>{t('desk.earn.tariffVersion', { name: formula.tariff.name, version: formula.tariff.version })}</dd>
        </div>
        <div>
          <dt>{t('desk.earn.second')}</dt>
          <dd>
            {formula.checkpoint.atSeconds === 0
              ? t('ended.atStart')
              : t('ended.after', { time: durationWords(t, formula.checkpoint.atSeconds) })}
            {' · '}
            {timeWords(one.at)}
          </dd>
        </div>
        <div>
          <dt>{t('desk.earn.base')}</dt>
          <dd>{amountWords(t, { unit: one.unit, amount: formula.tariffAmount })}</dd>
        </div>
        <div>
          <dt>{t('desk.earn.multiplier')}</dt>
          <dd>
            {formula.parts.length === 0
              ? t('desk.earn.noParts')
              : ['1', ...formula.parts.map(({ key, value }) => `${value} (${partWords(t, key)})`)].join(' + ')}
          </dd>
        </div>
      </dl>
      {check && !check.agrees && (
        <p className="note warn" role="alert">
          {t('desk.earn.differs', { amount: amount(check.comesTo) })}
        </p>
      )}
    </>
  );
}

const partNames = ['tier', 'skill', 'language', 'night', 'weekend', 'holiday', 'bonus'] as const;
const partWords = (t: TFunction, key: string): string => {
  const known = partNames.find((name) => key.startsWith(name));
  return known ? t(`desk.earn.parts.${known}`) : key;
};
