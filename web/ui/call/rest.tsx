/** What is left of the moment that a call used: for whom, and until when. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Receipt } from '../../../worker/protocol/call/call.ts';
import { readMeans } from '../../../worker/protocol/http/me.ts';
import type { UserId } from '../../../worker/protocol/ids.ts';
import { restWith } from '../../client/price.ts';
import { comingWords, durationWords } from '../format.ts';
import { useSession } from '../session.tsx';
import { useNow, useStore } from '../use-store.ts';

/** Nothing where the call used no moment, or where its rest is gone by now. */
export function RestOfMoment({ receipt, peerId, name }: { receipt: Receipt; peerId: UserId; name: string }) {
  const { api, live } = useSession();
  const { t } = useTranslation();
  const now = useNow(60_000);
  const calls = useStore(live.callsVersion);
  const used = receipt.checkpoints.some(({ party, paidBy }) => party === 'payer' && paidBy === 'piece');
  const means = useQuery({
    queryKey: ['means', 'rest', receipt.callId, calls],
    enabled: used,
    staleTime: 0,
    queryFn: async () => (await api.call(readMeans)).means,
  });
  const rest = means.data && restWith(means.data, peerId, now);
  if (!used || !rest) return null;
  return (
    <p className="note" data-testid="receipt-rest">
      {t('ended.rest', { time: durationWords(t, rest.audioSecondsLeft), name, when: comingWords(t, rest.until, now) })}
    </p>
  );
}
