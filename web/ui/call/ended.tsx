/** After the call: why it ended, what it came to, and the next step. */
import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BillingParty, CallParty, EndReason, Receipt } from '../../../worker/protocol/call/call.ts';
import { readReceipt } from '../../../worker/protocol/http/calls.ts';
import type { CallId, UserId } from '../../../worker/protocol/ids.ts';
import { newKey } from '../../client/api.ts';
import { Button } from '../button.tsx';
import { useLocal } from '../local.ts';
import { Portrait } from '../portrait.tsx';
import { ProblemNote, Waiting } from '../problem-note.tsx';
import { useSession } from '../session.tsx';
import { TopUp } from '../top-up.tsx';
import { AddingContext } from './adding.ts';
import { BlockButton } from './block.tsx';
import { ReceiptWords } from './receipt.tsx';
import { RestOfMoment } from './rest.tsx';
import type { Peer } from './room.tsx';

export function reasonWords(t: TFunction, reason: EndReason, you: CallParty, name: string): string {
  if (reason === 'declined' && you === 'callee') return t('ended.reason.declinedByYou');
  if (reason === 'no_answer' && you === 'callee') return t('ended.reason.no_answerYou');
  if (reason === 'cancelled' && you === 'callee') return t('ended.reason.cancelledOther', { name });
  return t(`ended.reason.${reason}`, { name }) as string;
}

export interface EndedCall {
  readonly callId: CallId;
  readonly reason: EndReason;
  readonly receipt: Receipt | null;
  readonly you: CallParty;
  readonly role: BillingParty;
  readonly peerId: UserId;
  /** True right after the end; false when the receipt is looked up later. */
  readonly fresh: boolean;
}

export function Ended({
  ended,
  peer,
  onResumed,
  after,
  foot,
  children,
}: {
  ended: EndedCall;
  peer: Peer;
  onResumed: (callId: CallId) => void;
  after?: ReactNode;
  foot?: ReactNode;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const { api } = useSession();
  const receipt = useQuery({
    queryKey: ['receipt', ended.callId],
    queryFn: () => api.call(readReceipt, { params: { id: ended.callId } }),
    ...(ended.receipt?.settled ? { initialData: ended.receipt } : {}),
    refetchInterval: ({ state }) => (state.data?.settled ? false : 2_000),
  });
  const shown = receipt.data ?? ended.receipt;
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <div className="narrow stack">
      <div className="row">
        <Portrait name={peer.name} seed={peer.portrait} size={88} />
        <div className="stack-tight" style={{ flex: 1 }}>
          <h1 ref={title} tabIndex={-1}>
            {ended.fresh ? t('ended.title') : t('call.withName', { name: peer.name })}
          </h1>
          <p className="soft" data-testid="end-reason">
            {reasonWords(t, ended.reason, ended.you, peer.name)}
          </p>
        </div>
      </div>
      {ended.fresh && ended.reason === 'balance_exhausted' && ended.role === 'payer' && (
        <Resume callId={ended.callId} name={peer.name} onResumed={onResumed} />
      )}
      <div className="sheet">
        {shown && !peer.pending ? (
          <div className="stack">
            <ReceiptWords receipt={shown} role={ended.role} name={peer.name} />
            {ended.role === 'payer' && shown.settled && <RestOfMoment receipt={shown} peerId={ended.peerId} name={peer.name} />}
          </div>
        ) : receipt.isError ? (
          <ProblemNote error={receipt.error} onRetry={() => void receipt.refetch()} />
        ) : (
          <Waiting />
        )}
      </div>
      {after}
      <div className="row">
        {children}
        <BlockButton userId={ended.peerId} name={peer.name} />
      </div>
      {foot}
    </div>
  );
}

/** Two minutes to go on: coins first, then the same call from where it stopped. */
function Resume({ callId, name, onResumed }: { callId: CallId; name: string; onResumed: (callId: CallId) => void }) {
  const { t } = useTranslation();
  const { live } = useSession();
  const local = useLocal();
  const adding = useContext(AddingContext);
  const [key] = useState(newKey);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const resume = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const talk = await live.resume(callId, key);
      onResumed(talk.view.get().callId);
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <section className="sheet stack" aria-label={t('ended.resume', { name })}>
      <p>{t('ended.resumeLead')}</p>
      {adding?.({ callId })}
      {local && <TopUp />}
      {error !== null && <ProblemNote error={error} />}
      <Button loading={busy} onClick={() => void resume()}>
        {t('ended.resume', { name })}
      </Button>
    </section>
  );
}
