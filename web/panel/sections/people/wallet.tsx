/** What a person pays by, the limits they set themselves, and what they bought. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type DeskPayment, listPayments, readWalletOf, type Wallet as WireWallet } from '../../../../worker/protocol/http/payments-desk.ts';
import type { WholePerson } from '../../../../worker/protocol/http/staff-people.ts';
import { durationWords } from '../../../ui/format.ts';
import { Waiting } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { gaveWords } from '../../desk/bought.ts';
import { Card, Line } from '../../desk/card.tsx';
import { type Done, DoneNote } from '../../desk/done.tsx';
import { moneyWords } from '../../desk/money.ts';
import { Unread } from '../../desk/nothing.tsx';
import { Paged, usePaged } from '../../desk/paged.tsx';
import { useRowKeys } from '../../desk/row-keys.ts';
import { type Column, Rows, TableTools, useTable } from '../../desk/table.tsx';
import { figure, PersonLink, useNames, When } from '../../desk/words.tsx';
import { Keys, useCommand } from '../../frame/shortcuts.tsx';
import { useWords } from '../../words.ts';
import { MoveModel } from './move-model.tsx';

const RENEW_MS = 10_000;
/** Caps and what counts towards them are kept in cents of whatever currency was paid. */
const CENTS = 'EUR';

export function Wallet({ person }: { person: WholePerson }) {
  const { api, me } = useSession();
  const { t } = useWords();
  const found = useQuery({
    queryKey: ['wallet-of', person.id],
    queryFn: async ({ signal }) => (await api.call(readWalletOf, { params: { id: person.id }, signal })).wallet,
    refetchInterval: RENEW_MS,
  });
  const [moving, setMoving] = useState(false);
  const [done, setDone] = useState<Done | null>(null);
  const mayMove = me.permissions.includes('members.move');
  useCommand({ keys: 'm', label: t('wallet.move'), group: 'here', run: () => setMoving(true) }, mayMove);
  if (found.isPending) return <Waiting />;
  if (!found.data) return <Unread error={found.error} onRetry={() => void found.refetch()} />;
  return (
    <div className="stack">
      <DoneNote done={done} />
      <div className="cards">
        <Means wallet={found.data} person={person} />
        <Limits wallet={found.data} />
      </div>
      <section className="stack-tight" aria-labelledby="bought">
        <div className="head">
          <h2 id="bought">{t('wallet.bought')}</h2>
          <span className="row-tight">
            {mayMove && (
              <button type="button" className="act" onClick={() => setMoving(true)}>
                {t('wallet.move')} <Keys of="m" />
              </button>
            )}
            <Link className="act" to="/payments" search={{ person: person.id } as never}>
              {t('wallet.events')}
            </Link>
            {me.permissions.includes('payments.manage') && (
              <Link className="act" to="/payments/names" search={{ of: person.id } as never}>
                {t('wallet.names')}
              </Link>
            )}
          </span>
        </div>
        <Bought person={person} />
      </section>
      {moving && <MoveModel person={person} onDone={setDone} onClose={() => setMoving(false)} />}
    </div>
  );
}

function Means({ wallet: { means, subscription }, person }: { wallet: WireWallet; person: WholePerson }) {
  const { t } = useWords();
  const { t: words } = useTranslation();
  const all = means?.means ?? [];
  const nameOf = useNames(all.flatMap((one) => (one.is === 'piece' ? [one.peerId] : [])));
  return (
    <Card title={t('wallet.paysBy')}>
      <Line name={t('people.model')}>{t(`model.${person.monetizationVersion}`)}</Line>
      <Line name={t('wallet.plan')}>
        {subscription && (
          <>
            {subscription.plan.name} <span className="soft">{t(`wallet.planState.${subscription.state}`)}</span>{' '}
            <span className="block-line">
              {t('wallet.until')} <When at={subscription.until} />
            </span>
          </>
        )}
      </Line>
      {all.map((one): ReactNode => {
        if (one.is === 'allowance')
          return (
            <Line key="allowance" name={t('wallet.today')}>
              {t('wallet.leftToday', {
                time: durationWords(words, one.secondsLeft),
                ofTime: durationWords(words, one.seconds),
                messages: figure(one.messagesLeft),
                ofMessages: figure(one.messages),
              })}
              <span className="soft block-line">
                {t('wallet.turns')} <When at={one.turnsAt} />
              </span>
            </Line>
          );
        if (one.is === 'coins')
          return (
            <Line key="coins" name={t('unit.COIN')}>
              <span className="figures">{figure(one.left)}</span>
            </Line>
          );
        if (one.is === 'piece')
          return (
            <Line key={`piece ${one.peerId}`} name={t('wallet.piece')}>
              <PersonLink id={one.peerId} name={nameOf(one.peerId)} />
              <span className="block-line">
                {t('wallet.pieceLeft', { audio: durationWords(words, one.audioSecondsLeft), messages: figure(one.messagesLeft) })}
              </span>
              <span className="soft block-line">
                {t('wallet.until')} <When at={one.until} />
              </span>
            </Line>
          );
        return (
          <Line key="moments" name={t('unit.MOMENT')}>
            <span className="figures">{figure(one.left)}</span>
            {one.lots.map((lot) => (
              <span key={lot.expiresAt} className="soft block-line">
                {t('wallet.lot', { amount: figure(lot.left) })} <When at={lot.expiresAt} />
              </span>
            ))}
          </Line>
        );
      })}
    </Card>
  );
}

function Limits({ wallet: { spending, automatic } }: { wallet: WireWallet }) {
  const { t } = useWords();
  const cents = (amount: number): string => moneyWords({ amount, currency: CENTS });
  return (
    <Card title={t('wallet.limits')}>
      <Line name={t('wallet.spent')}>
        <span className="figures">{cents(spending.spent)}</span>
      </Line>
      <Line name={t('wallet.cap')}>
        {spending.weeklyCap === null ? t('wallet.noCap') : <span className="figures">{cents(spending.weeklyCap)}</span>}
        {spending.next && (
          <span className="soft block-line">
            {t('wallet.nextCap', { cap: spending.next.weeklyCap === null ? t('wallet.noCap') : cents(spending.next.weeklyCap) })}{' '}
            <When at={spending.next.from} />
          </span>
        )}
      </Line>
      <Line name={t('wallet.paused')}>{spending.pausedUntil && <When at={spending.pausedUntil} />}</Line>
      <Line name={t('wallet.automatic')}>
        {automatic &&
          (automatic.stopped
            ? t('wallet.automaticStopped')
            : t(automatic.on ? 'wallet.automaticOn' : 'wallet.automaticOff', {
                threshold: figure(automatic.threshold),
                cap: cents(automatic.monthlyCap),
              }))}
      </Line>
    </Card>
  );
}

function Bought({ person }: { person: WholePerson }) {
  const { api } = useSession();
  const { t } = useWords();
  const payments = usePaged(['payments-of', person.id], (cursor, signal) =>
    api.call(listPayments, { query: { userId: person.id, limit: 50, ...(cursor ? { cursor } : {}) }, signal }),
  );
  const list = useRowKeys<HTMLTableElement>();
  const gave = (payment: DeskPayment): string => gaveWords(t, payment);
  const table = useTable('payments-of', [
    {
      name: 'what',
      title: t('wallet.what'),
      always: true,
      draw: (payment) => (
        <Link to="/payments/paid/$id" params={{ id: payment.id }} data-row={payment.id}>
          {gave(payment)}
        </Link>
      ),
      plain: gave,
    },
    {
      name: 'money',
      title: t('payments.money'),
      figure: true,
      draw: ({ money }) => (money ? moneyWords(money) : '–'),
      plain: ({ money }) => (money ? `${money.amount} ${money.currency}` : null),
    },
    {
      name: 'state',
      title: t('calls.state'),
      draw: ({ state, refunded }) => (
        <>
          {t(`payments.paid.${state}`)} {refunded && <span className="soft figures">{moneyWords(refunded)}</span>}
        </>
      ),
      plain: ({ state }) => state,
    },
    { name: 'store', title: t('payments.paidAt'), draw: ({ store }) => t(`shop.store.${store}`), plain: ({ store }) => store },
    { name: 'at', title: t('money.when'), draw: ({ at }) => <When at={at} />, plain: ({ at }) => at },
    { name: 'id', title: t('table.id'), aside: true, draw: ({ id }) => <span className="mono">{id}</span>, plain: ({ id }) => id },
  ] satisfies Column<DeskPayment>[]);
  return (
    <Paged of={payments} empty={t('wallet.nothing')}>
      {(items) => (
        <>
          <TableTools of={table} rows={items} />
          <Rows of={table} rows={items} idOf={({ id }) => id} label={t('wallet.bought')} tableRef={list} />
        </>
      )}
    </Paged>
  );
}
