/** Refunds that staff ordered: those that wait for a second person, and how the others went. */
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { decideRefund, listRefunds, type RefundOrder, refundState } from '../../../../worker/protocol/http/shop-desk.ts';
import { useSession } from '../../../ui/session.tsx';
import { useQueryText } from '../../address.ts';
import { Choose } from '../../desk/choose.tsx';
import { Dialog } from '../../desk/dialog.tsx';
import { type Done, DoneNote } from '../../desk/done.tsx';
import { moneyWords } from '../../desk/money.ts';
import { Paged, usePaged } from '../../desk/paged.tsx';
import { rowInFocus, useRowKeys } from '../../desk/row-keys.ts';
import { type Column, Rows, TableTools, useTable } from '../../desk/table.tsx';
import { PersonLink, useNames, When } from '../../desk/words.tsx';
import { Keys, useCommand } from '../../frame/shortcuts.tsx';
import { useWords } from '../../words.ts';
import { RefundMark } from './marks.tsx';
import { Parts } from './parts.tsx';

export default function Refunds() {
  const { api } = useSession();
  const { t } = useWords();
  const [query, setQuery] = useQueryText();
  const [done, setDone] = useState<Done | null>(null);
  const state = refundState.options.find((known) => known === query.state);
  const refunds = usePaged(['refunds', state], (cursor, signal) =>
    api.call(listRefunds, { query: { limit: 50, ...(state ? { state } : {}), ...(cursor ? { cursor } : {}) }, signal }),
  );
  return (
    <div className="stack-tight">
      <Parts part="refunds">
        <Choose
          label={t('calls.state')}
          value={state}
          options={refundState.options}
          wordOf={(one) => t(`payments.refundState.${one}`)}
          none={t('any')}
          onChange={(one) => setQuery({ state: one })}
        />
      </Parts>
      <DoneNote done={done} />
      <Paged of={refunds} empty={t(state === 'waiting' ? 'approvals.none' : 'payments.noRefunds')}>
        {(items) => <Table items={items} onDone={setDone} />}
      </Paged>
    </div>
  );
}

function Table({ items, onDone }: { items: readonly RefundOrder[]; onDone: (done: Done) => void }) {
  const { api, me } = useSession();
  const { t } = useWords();
  const queries = useQueryClient();
  const [deciding, setDeciding] = useState<{ refund: RefundOrder; approve: boolean } | null>(null);
  const nameOf = useNames(items.flatMap(({ userId, requestedBy, decidedBy }) => [userId, requestedBy, ...(decidedBy ? [decidedBy] : [])]));
  const list = useRowKeys<HTMLTableElement>();
  const isMine = ({ state, requestedBy }: RefundOrder): boolean => state === 'waiting' && requestedBy !== me.id;
  const decideFocused = (approve: boolean): void => {
    const refund = items.find(({ id }) => id === rowInFocus());
    if (refund && isMine(refund)) setDeciding({ refund, approve });
  };
  const open = items.some(isMine);
  useCommand({ keys: 'a', label: t('approvals.approve'), group: 'here', run: () => decideFocused(true) }, open);
  useCommand({ keys: 'r', label: t('approvals.reject'), group: 'here', run: () => decideFocused(false) }, open);
  const what = ({ money, userId }: RefundOrder) => ({ money: moneyWords(money), name: nameOf(userId) });
  const table = useTable('refunds', [
    {
      name: 'money',
      title: t('payments.money'),
      figure: true,
      always: true,
      draw: ({ id, paymentId, money }) => (
        <Link to="/payments/paid/$id" params={{ id: paymentId }} data-row={id}>
          {moneyWords(money)}
        </Link>
      ),
      plain: ({ money }) => `${money.amount} ${money.currency}`,
    },
    {
      name: 'person',
      title: t('approvals.for'),
      draw: ({ userId }) => <PersonLink id={userId} name={nameOf(userId)} />,
      plain: ({ userId }) => userId,
    },
    { name: 'state', title: t('calls.state'), always: true, draw: (refund) => <RefundMark refund={refund} />, plain: ({ state }) => state },
    { name: 'reason', title: t('reason.label'), text: true, draw: ({ reason }) => reason, plain: ({ reason }) => reason },
    {
      name: 'by',
      title: t('approvals.by'),
      draw: ({ requestedBy }) => <PersonLink id={requestedBy} name={nameOf(requestedBy)} />,
      plain: ({ requestedBy }) => requestedBy,
    },
    { name: 'asked', title: t('approvals.asked'), draw: ({ createdAt }) => <When at={createdAt} />, plain: ({ createdAt }) => createdAt },
    {
      name: 'decision',
      title: t('approvals.decision'),
      draw: (refund) =>
        isMine(refund) ? (
          <span className="row-tight">
            <button
              type="button"
              className="act go"
              aria-label={t('payments.approveWhat', what(refund))}
              onClick={() => setDeciding({ refund, approve: true })}
            >
              {t('approvals.approve')} <Keys of="a" />
            </button>
            <button
              type="button"
              className="act"
              aria-label={t('payments.rejectWhat', what(refund))}
              onClick={() => setDeciding({ refund, approve: false })}
            >
              {t('approvals.reject')} <Keys of="r" />
            </button>
          </span>
        ) : refund.state === 'waiting' ? (
          <span className="soft">{t('approvals.own')}</span>
        ) : (
          refund.decidedBy && <PersonLink id={refund.decidedBy} name={nameOf(refund.decidedBy)} />
        ),
      plain: ({ decidedBy }) => decidedBy,
    },
  ] satisfies Column<RefundOrder>[]);
  return (
    <>
      <TableTools of={table} rows={items} />
      <Rows of={table} rows={items} idOf={({ id }) => id} label={t('payments.part.refunds')} tableRef={list} />
      {deciding && (
        <Dialog
          title={t(deciding.approve ? 'payments.approveTitle' : 'payments.rejectTitle')}
          confirm={t(deciding.approve ? 'approvals.approve' : 'approvals.reject')}
          danger={!deciding.approve}
          onClose={() => setDeciding(null)}
          onConfirm={async () => {
            try {
              const body = { approve: deciding.approve };
              const { refund } = await api.call(decideRefund, { params: { id: deciding.refund.id }, body });
              onDone({ said: t(`payments.ordering.${refund.state}`, { money: moneyWords(refund.money), refusal: refund.refusal ?? '' }) });
            } finally {
              await Promise.all(['refunds', 'payment'].map((one) => queries.invalidateQueries({ queryKey: [one] })));
            }
          }}
        >
          <p>{t('payments.whatToDecide', { ...what(deciding.refund), by: nameOf(deciding.refund.requestedBy) })}</p>
          <blockquote>{deciding.refund.reason}</blockquote>
        </Dialog>
      )}
    </>
  );
}
