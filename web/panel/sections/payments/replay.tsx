/**
 * Having an event taken up again, once what was wrong is mended; what had its effect never has it again. One that is nobody's
 * by its names can be given to whom staff found out it is.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { replayPaymentEvent, type WirePaymentEvent } from '../../../../worker/protocol/http/payment-events.ts';
import { useSession } from '../../../ui/session.tsx';
import { Dialog, isReason, Reason } from '../../desk/dialog.tsx';
import type { Done } from '../../desk/done.tsx';
import { Typed } from '../../desk/typed.tsx';
import { useNames } from '../../desk/words.tsx';
import { useWords } from '../../words.ts';
import { kindWords, reasonWords, userIdIn } from './said.tsx';

const LEAST_REASON = 5;

export const replayable = ({ state }: WirePaymentEvent): boolean => state !== 'applied' && state !== 'stored';
const isNobodys = ({ state, reason }: WirePaymentEvent): boolean => state === 'pending' || (reason?.startsWith('two_owners') ?? false);

export function Replay({ event, onDone, onClose }: { event: WirePaymentEvent; onDone: (done: Done) => void; onClose: () => void }) {
  const { api } = useSession();
  const { t } = useWords();
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const userId = userIdIn(text.trim());
  const nameOf = useNames(userId ? [userId] : []);
  const name = userId && nameOf(userId);
  const ready = text.trim() === '' || (userId !== undefined && isReason(reason, LEAST_REASON) && typed.trim() === name);
  return (
    <Dialog
      title={t('payments.replayTitle', { what: kindWords(t, event) })}
      confirm={t('payments.replay')}
      ready={ready}
      onClose={onClose}
      onConfirm={async () => {
        try {
          const body = userId ? { claimFor: { userId, reason: reason.trim() } } : {};
          await api.call(replayPaymentEvent, { params: { id: event.id }, body });
          onDone({ said: t('payments.replayed') });
        } finally {
          await Promise.all(
            ['payment-events', 'payment-event', 'dead-payments'].map((key) => queries.invalidateQueries({ queryKey: [key] })),
          );
        }
      }}
    >
      {event.reason && <blockquote>{reasonWords(t, event.reason)}</blockquote>}
      <p>{t('payments.replayLead')}</p>
      {event.replays > 0 && <p className="soft">{t('payments.replayedBefore', { count: event.replays })}</p>}
      {isNobodys(event) && (
        <label className="entry">
          <span>{t('payments.claimFor')}</span>
          <input
            className="field wide mono"
            autoComplete="off"
            spellCheck={false}
            placeholder="usr_…"
            aria-invalid={text.trim() !== '' && userId === undefined}
            value={text}
            onChange={(change) => setText(change.currentTarget.value)}
          />
          <span className="soft small">{t('payments.claimLead')}</span>
        </label>
      )}
      {userId && name && (
        <>
          <p className="effect" role="status">
            {t('payments.claimEffect', { name })}
          </p>
          <Reason value={reason} onChange={setReason} least={LEAST_REASON} />
          <Typed name={name} value={typed} onChange={setTyped} />
        </>
      )}
    </Dialog>
  );
}
