/** Setting a balance right: what it will be, why, and above the limit the amount typed again and a second person. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { adjustBalance, listSettings } from '../../../../worker/protocol/http/admin.ts';
import type { WholePerson } from '../../../../worker/protocol/http/staff-people.ts';
import { MAX_AMOUNT, type Unit, unit as unitSchema } from '../../../../worker/protocol/money.ts';
import { newKey } from '../../../client/api.ts';
import { useSession } from '../../../ui/session.tsx';
import { Dialog, isReason, Reason } from '../../desk/dialog.tsx';
import { change, figure } from '../../desk/words.tsx';
import { useWords } from '../../words.ts';

const usual: Partial<Record<WholePerson['role'], Unit>> = { companion: 'EARN' };

/** A whole number with a sign, as people write it. */
export function amountOf(text: string): number | null {
  const tidy = text.trim().replace('−', '-');
  const amount = /^[+-]?\d{1,10}$/.test(tidy) ? Number(tidy) : Number.NaN;
  return Number.isSafeInteger(amount) && amount !== 0 && Math.abs(amount) <= MAX_AMOUNT ? amount : null;
}

export function Adjustment({ person, onClose, onDone }: { person: WholePerson; onClose: () => void; onDone: (said: string) => void }) {
  const { api } = useSession();
  const { t } = useWords();
  const queries = useQueryClient();
  const [key] = useState(newKey);
  const [unit, setUnit] = useState<Unit>(person.balances[0]?.unit ?? usual[person.role] ?? 'COIN');
  const [text, setText] = useState('');
  const [reason, setReason] = useState('');
  const [again, setAgain] = useState('');
  const settings = useQuery({ queryKey: ['settings'], queryFn: () => api.call(listSettings) });
  const limits = settings.data?.items.find((item) => item.key === 'ledger.adjustmentLimit')?.value as Record<Unit, number> | undefined;
  const amount = amountOf(text);
  const before = person.balances.find((balance) => balance.unit === unit)?.amount ?? 0;
  const after = before + (amount ?? 0);
  const above = amount !== null && limits !== undefined && Math.abs(amount) > limits[unit];
  const ready = amount !== null && after >= 0 && limits !== undefined && isReason(reason) && (!above || amountOf(again) === amount);
  return (
    <Dialog
      title={t('adjust.title', { name: person.public.displayName || person.id })}
      confirm={t(above ? 'adjust.ask' : 'adjust.confirm')}
      danger={amount !== null && amount < 0}
      ready={ready}
      onClose={onClose}
      onConfirm={async () => {
        if (amount === null) return;
        const answer = await api.call(adjustBalance, { body: { userId: person.id, unit, amount, reason }, key });
        // Above the limit the server answers with what waits instead of what was done.
        onDone('approvalId' in answer ? t('adjust.waits') : t('adjust.done', { amount: change(amount), unit: t(`unit.${unit}`) }));
        await Promise.all([
          queries.invalidateQueries({ queryKey: ['person', person.id] }),
          queries.invalidateQueries({ queryKey: ['events-of', person.id] }),
        ]);
      }}
    >
      <div className="row-tight">
        <label className="entry">
          <span>{t('money.unit')}</span>
          <select className="field" value={unit} onChange={(event) => setUnit(event.currentTarget.value as Unit)}>
            {unitSchema.options.map((known) => (
              <option key={known} value={known}>
                {t(`unit.${known}`)}
              </option>
            ))}
          </select>
        </label>
        <label className="entry">
          <span>{t('adjust.amount')}</span>
          <input
            className="field figures"
            inputMode="text"
            autoComplete="off"
            data-autofocus
            required
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </label>
      </div>
      <p className="effect" role="status">
        {amount === null ? (
          <span className="soft">{t('adjust.lead')}</span>
        ) : (
          <>
            {t('adjust.effect', { before: figure(before), after: figure(after), unit: t(`unit.${unit}`) })}
            {after < 0 && <strong> {t('adjust.below')}</strong>}
          </>
        )}
      </p>
      <Reason value={reason} onChange={setReason} />
      {above && limits && (
        <div className="note warn stack-tight">
          <p>{t('adjust.above', { limit: figure(limits[unit]), unit: t(`unit.${unit}`) })}</p>
          <label className="entry">
            <span>{t('adjust.again', { amount: text.trim() })}</span>
            <input className="field figures" autoComplete="off" value={again} onChange={(event) => setAgain(event.currentTarget.value)} />
          </label>
        </div>
      )}
    </Dialog>
  );
}
