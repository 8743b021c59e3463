/** The receipt of one call as a pay slip: who, how long, each earning with its reason, the sum; beside it the wrap-up. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { readCall, readReceipt } from '../../../worker/protocol/http/calls.ts';
import type { CallId } from '../../../worker/protocol/ids.ts';
import type { TalkView } from '../../client/call/talk.ts';
import { BlockButton } from '../../ui/call/block.tsx';
import { usePeer } from '../../ui/call/call-page.tsx';
import { reasonWords } from '../../ui/call/ended.tsx';
import { amountsWords, comingWords, durationWords, timeWords } from '../../ui/format.ts';
import { ButtonLink } from '../../ui/links.tsx';
import { Portrait } from '../../ui/portrait.tsx';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { CallButton } from '../call/call-button.tsx';
import { WrapUp } from '../call/wrap-up.tsx';
import { EarningLines } from '../earnings/lines.tsx';

export interface SlipProps {
  readonly callId: CallId;
  /** True right after the end. */
  readonly fresh?: boolean;
  readonly ended?: NonNullable<TalkView['ended']>;
  readonly onSkip?: () => void;
}

export function Slip({ callId, fresh = false, ended, onSkip }: SlipProps) {
  const { api, live } = useSession();
  const { t } = useTranslation();
  const call = useQuery({ queryKey: ['call', callId, ended !== undefined], queryFn: () => api.call(readCall, { params: { id: callId } }) });
  const receipt = useQuery({
    queryKey: ['receipt', callId],
    queryFn: () => api.call(readReceipt, { params: { id: callId } }),
    ...(ended?.receipt?.settled ? { initialData: ended.receipt } : {}),
    refetchInterval: ({ state }) => (state.data?.settled ? false : 2_000),
  });
  const known = call.data?.call ?? null;
  const you = known?.callerId === live.me.id ? 'caller' : 'callee';
  const peerId = known ? (you === 'caller' ? known.calleeId : known.callerId) : null;
  const peer = usePeer(peerId, callId);
  const title = useRef<HTMLHeadingElement>(null);
  const there = known !== null;
  useEffect(() => {
    if (there && fresh) title.current?.focus();
  }, [there, fresh]);
  if (call.isPending) return <Waiting />;
  if (call.isError || !known || !peerId) return <ProblemNote error={call.error} onRetry={() => void call.refetch()} />;
  const slip = receipt.data ?? ended?.receipt ?? null;
  const total = slip ? amountsWords(t, slip.totals.payee) : null;
  const talked = slip !== null && slip.connectedMs > 0;
  return (
    <div className="stack">
      <div className="row slip-head">
        <Portrait name={peer.name} seed={peer.portrait} size={72} />
        <div className="stack-tight grow">
          <h1 ref={title} tabIndex={-1}>
            {fresh ? t('ended.title') : t('call.withName', { name: peer.name })}
          </h1>
          <p className="soft" data-testid="end-reason">
            {reasonWords(t, ended?.reason ?? known.endReason ?? 'hangup', you, peer.name)}
          </p>
        </div>
        <div className="row">
          <ButtonLink to="/">{t('ended.toToday')}</ButtonLink>
          <CallButton userId={peerId} name={peer.name} media={known.media} words={t('desk.call.back', { name: peer.name })} />
        </div>
      </div>
      <div className="two">
        {talked && <WrapUp callId={callId} name={peer.name} {...(fresh && onSkip ? { onSkip } : {})} />}
        <section className="sheet slip stack-tight" aria-label={t('desk.slip.title')}>
          <h2>{t('desk.slip.title')}</h2>
          {!slip ? (
            receipt.isError ? (
              <ProblemNote error={receipt.error} onRetry={() => void receipt.refetch()} />
            ) : (
              <Waiting />
            )
          ) : (
            <>
              <dl className="slip-facts">
                <div>
                  <dt>{t('desk.slip.with')}</dt>
                  <dd>{peer.name}</dd>
                </div>
                <div>
                  <dt>{t('desk.slip.when')}</dt>
                  <dd>
                    {comingWords(t, known.createdAt, Date.now())}
                    {known.endedAt && ` – ${timeWords(known.endedAt)}`}
                  </dd>
                </div>
                <div>
                  <dt>{t('desk.slip.talked')}</dt>
                  <dd>{talked ? durationWords(t, slip.connectedMs / 1000) : t('ended.notConnected')}</dd>
                </div>
                <div>
                  <dt>{t('desk.slip.number')}</dt>
                  <dd className="mono">{callId}</dd>
                </div>
              </dl>
              {slip.checkpoints.some(({ party }) => party === 'payee') && (
                <EarningLines filter={{ callId }} stamp={String(slip.settled)} oldestFirst ofCall />
              )}
              <p className="total">
                <span data-testid="receipt-total">{total === null ? t('ended.earnedNothing') : t('ended.earned', { amount: total })}</span>
              </p>
              {!slip.settled && (
                <p className="soft" role="status">
                  {t('ended.notSettled')}
                </p>
              )}
            </>
          )}
        </section>
      </div>
      <div>
        <BlockButton userId={peerId} name={peer.name} />
      </div>
    </div>
  );
}
