/** Ordering a refund: how much, why, what it will do to the person's balance; above the limit a second person decides. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { type DeskPayment, previewRefund, type RefundPreview } from '../../../../worker/protocol/http/payments-desk.ts';
import { refundPayment } from '../../../../worker/protocol/http/shop-desk.ts';
import { newKey } from '../../../client/api.ts';
import { isProblem } from '../../../client/problem.ts';
import { ProblemNote } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { Dialog, isReason, Reason } from '../../desk/dialog.tsx';
import type { Done } from '../../desk/done.tsx';
import { centsOf, moneyText, moneyWords } from '../../desk/money.ts';
import { figure } from '../../desk/words.tsx';
import { useWords } from '../../words.ts';

const LEAST_REASON = 5;

interface Props {
  readonly payment: DeskPayment;
  readonly onDone: (done: Done) => void;
  readonly onClose: () => void;
}

export function Refund({ payment, onDone, onClose }: Props) {
  const { api } = useSession();
  const { t } = useWords();
  const queries = useQueryClient();
  const currency = payment.money?.currency ?? 'EUR';
  const [key, setKey] = useState(newKey);
  /** Null: all that is left. */
  const [text, setText] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const [again, setAgain] = useState('');
  const typed = text === null ? null : centsOf(text, currency);
  const asked = useDeferredValue(typed);
  const preview = useQuery({
    queryKey: ['refund-preview', payment.id, asked],
    enabled: text === null || asked !== null,
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      (await api.call(previewRefund, { params: { id: payment.id }, query: asked === null ? {} : { amount: asked }, signal })).preview,
  });
  const shown = preview.data;
  const amount = text === null ? shown?.money.amount : typed;
  const isShown = shown !== undefined && !preview.isError && shown.money.amount === amount;
  const must = shown?.needsApproval ?? false;
  const ready = isShown && isReason(reason, LEAST_REASON) && (!must || centsOf(again, currency) === amount);
  const order = async (): Promise<void> => {
    if (!shown) return;
    try {
      const body = { amount: shown.money.amount, reason: reason.trim() };
      const { refund } = await api.call(refundPayment, { params: { id: payment.id }, body, key });
      onDone({
        said: t(`payments.ordering.${refund.state}`, { money: moneyWords(refund.money), refusal: refund.refusal ?? '' }),
      });
    } catch (thrown) {
      // Another amount or reason is another wish.
      if (isProblem(thrown, 'idempotency_conflict')) setKey(newKey());
      throw thrown;
    } finally {
      await Promise.all(['payment', 'refunds', 'person'].map((one) => queries.invalidateQueries({ queryKey: [one] })));
    }
  };
  return (
    <Dialog
      title={t('payments.refundTitle')}
      confirm={t(must ? 'adjust.ask' : 'payments.refundNow', { money: isShown ? moneyWords(shown.money) : '' })}
      danger
      ready={ready}
      onClose={onClose}
      onConfirm={order}
    >
      <label className="entry">
        <span>{t('payments.amount', { currency })}</span>
        <input
          className="field figures"
          inputMode="decimal"
          autoComplete="off"
          data-autofocus
          aria-invalid={(text !== null && typed === null) || preview.isError}
          value={text ?? (shown ? moneyText(shown.left) : '')}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {shown && <span className="soft small">{t('payments.left', { money: moneyWords(shown.left) })}</span>}
      </label>
      <div className="effect" role="status">
        {preview.isError ? <ProblemNote error={preview.error} /> : isShown && <Effect preview={shown} />}
      </div>
      <Reason value={reason} onChange={setReason} least={LEAST_REASON} />
      {must && isShown && (
        <div className="note warn stack-tight">
          <p>{t('payments.above')}</p>
          <label className="entry">
            <span>{t('adjust.again', { amount: moneyText(shown.money) })}</span>
            <input className="field figures" autoComplete="off" value={again} onChange={(event) => setAgain(event.currentTarget.value)} />
          </label>
        </div>
      )}
    </Dialog>
  );
}

function Effect({ preview: { money, takes, balance, endsPeriod } }: { preview: RefundPreview }) {
  const { t } = useWords();
  return (
    <>
      <p>{t('payments.goesBack', { money: moneyWords(money) })}</p>
      {takes && balance && (
        <p>
          {t('adjust.effect', { unit: t(`unit.${takes.unit}`), before: figure(balance.before), after: figure(balance.after) })}
          {balance.debt < 0 && <strong> {t('payments.willOwe', { amount: figure(-balance.debt) })}</strong>}
        </p>
      )}
      {endsPeriod && <p>{t('payments.endsPeriod')}</p>}
    </>
  );
}
