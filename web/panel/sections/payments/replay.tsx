/** Having an event taken up again, once what was wrong is mended; what had its effect never has it again. */
import { useQueryClient } from '@tanstack/react-query';
import { replayPaymentEvent, type WirePaymentEvent } from '../../../../worker/protocol/http/payment-events.ts';
import { useSession } from '../../../ui/session.tsx';
import { Dialog } from '../../desk/dialog.tsx';
import type { Done } from '../../desk/done.tsx';
import { useWords } from '../../words.ts';
import { kindWords, reasonWords } from './said.tsx';

export const replayable = ({ state }: WirePaymentEvent): boolean => state !== 'applied' && state !== 'stored';

export function Replay({ event, onDone, onClose }: { event: WirePaymentEvent; onDone: (done: Done) => void; onClose: () => void }) {
  const { api } = useSession();
  const { t } = useWords();
  const queries = useQueryClient();
  return (
    <Dialog
      title={t('payments.replayTitle', { what: kindWords(t, event) })}
      confirm={t('payments.replay')}
      onClose={onClose}
      onConfirm={async () => {
        try {
          await api.call(replayPaymentEvent, { params: { id: event.id } });
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
    </Dialog>
  );
}
