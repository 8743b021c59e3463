/** What becomes of a payment: waited for kindly, told in plain words, never guessed. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { closeIntent, type Intent, readIntent } from '../../../worker/protocol/http/shop.ts';
import type { Id } from '../../../worker/protocol/ids.ts';
import { isProblem } from '../../client/problem.ts';
import { askAgainIn, type Standing, standingOf, USUAL_ASKS } from '../../client/shop/standing.ts';
import { forgetBegun } from '../../client/shop/wishes.ts';
import { Button, ButtonFace, buttonLooks } from '../../ui/button.tsx';
import { amountsWords } from '../../ui/format.ts';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { useStore } from '../../ui/use-store.ts';
import { useAskAnew } from './asking.ts';
import { boughtTitle, moneyWords } from './money-words.ts';
import { BuyingProblem } from './problem.tsx';

export interface OutcomeProps {
  readonly intentId: Id<'pin'>;
  /** They came back by “Back without paying”. */
  readonly cancelled?: boolean;
  /** A call runs beside it: other pages open in a window of their own. */
  readonly inCall?: boolean;
  /** What to do next, where nothing is left to do here. */
  readonly next: (standing: Standing) => ReactNode;
}

const isSettled = (standing: Standing): boolean => !['waiting', 'bank', 'stopped'].includes(standing);

export function Outcome({ intentId, cancelled = false, inCall = false, next }: OutcomeProps) {
  const { api } = useSession();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const askAnew = useAskAnew();
  const [closing, setClosing] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const read = useQuery({
    queryKey: ['intent', intentId],
    staleTime: 0,
    retry: false,
    queryFn: async () => (await api.call(readIntent, { params: { id: intentId } })).intent,
    // A network that is away for a moment ends nothing: it is asked again in any case.
    refetchInterval: ({ state }) =>
      isProblem(state.error, 'not_found')
        ? false
        : askAgainIn(state.data ? standingOf(state.data, cancelled) : 'waiting', state.dataUpdateCount + state.errorUpdateCount),
  });
  const intent = read.data;
  const standing = intent ? standingOf(intent, cancelled) : null;
  const settled = standing !== null && isSettled(standing);
  useEffect(() => {
    if (!settled) return;
    forgetBegun(localStorage);
    askAnew();
    // Once for each payment that is over.
  }, [settled, intentId]);

  if (!intent || standing === null)
    return read.isError ? <ProblemNote error={read.error} onRetry={() => void read.refetch()} /> : <Waiting />;

  const giveUp = async (): Promise<void> => {
    setClosing(true);
    setError(null);
    try {
      await api.call(closeIntent, { params: { id: intentId } });
      await read.refetch();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setClosing(false);
    }
  };
  const slow = standing === 'waiting' && (queries.getQueryState(['intent', intentId])?.dataUpdateCount ?? 0) > USUAL_ASKS;
  return (
    <div className="stack" data-testid={`outcome-${standing}`}>
      <Told intent={intent} standing={standing} slow={slow} />
      {error !== null && <BuyingProblem error={error} />}
      {read.isError && <ProblemNote error={read.error} />}
      <div className="row">
        {(standing === 'bank' || standing === 'stopped') && intent.url !== null && (
          <a className="button" href={intent.url} {...(inCall ? { target: '_blank', rel: 'noreferrer' } : {})} {...buttonLooks({})}>
            <ButtonFace>
              {t(standing === 'bank' ? 'shop.outcome.toBank' : 'shop.outcome.goOn', { money: moneyWords(intent.price) })}
            </ButtonFace>
          </a>
        )}
        {(standing === 'bank' || standing === 'stopped') && (
          <Button variant="default" loading={closing} onClick={() => void giveUp()}>
            {t('shop.outcome.giveUp')}
          </Button>
        )}
        {slow && (
          <Button variant="default" loading={read.isFetching} onClick={() => void read.refetch()}>
            {t('shop.outcome.lookAgain')}
          </Button>
        )}
        {next(standing)}
      </div>
    </div>
  );
}

function Told({ intent, standing, slow }: { intent: Intent; standing: Standing; slow: boolean }) {
  const { live, me } = useSession();
  const { t } = useTranslation();
  const amounts = useStore(live.balance.amounts);
  const title = useRef<HTMLHeadingElement>(null);
  // Whoever waited, or listens, hears what it has become.
  useEffect(() => title.current?.focus(), [standing]);
  const slots = { what: boughtTitle(t, intent.product), money: moneyWords(intent.price) };
  const unit = intent.product.kind === 'coins' ? 'COIN' : intent.product.kind === 'moments' ? 'MOMENT' : null;
  const total = unit === null ? null : amountsWords(t, [{ unit, amount: amounts?.[unit] ?? 0 }]);
  return (
    <div className="stack-tight" role="status">
      <h2 ref={title} tabIndex={-1}>
        {t(`shop.outcome.title.${standing}`, slots)}
      </h2>
      <p>{t(slow ? 'shop.outcome.slow' : `shop.outcome.lead.${standing}`, slots)}</p>
      {standing === 'come' && total !== null && <p className="lead-line">{t('shop.outcome.total', { total })}</p>}
      {standing === 'come' && me.private.email !== null && (
        <p className="soft">{t('shop.outcome.receipt', { address: me.private.email })}</p>
      )}
    </div>
  );
}
