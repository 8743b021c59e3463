/** The plan that somebody has: until when it is paid, taking another one instead, ending it and letting it go on after all. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../../worker/protocol/http/endpoint.ts';
import { cancelPlan, type Offer, type OwnPlan, readPlan, resumePlan, switchPlan } from '../../../worker/protocol/http/shop.ts';
import { newKey } from '../../client/api.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { useAskAnew } from './asking.ts';
import { dayWords, offerMeaning, offerPrice, offerTitle } from './money-words.ts';
import { BuyingProblem } from './problem.tsx';

type Answer = AnswerOf<typeof readPlan>;

export function useOwnPlan() {
  const { api } = useSession();
  return useQuery({ queryKey: ['plan'], staleTime: 0, queryFn: async () => (await api.call(readPlan)).plan });
}

/** @param offers all plans that are sold now, the present one among them */
export function PlanSection({ offers }: { offers: readonly Offer[] }) {
  const { t } = useTranslation();
  const own = useOwnPlan();
  if (own.isError)
    return (
      <section className="sheet" aria-label={t('shop.own.title')}>
        <ProblemNote error={own.error} onRetry={() => void own.refetch()} />
      </section>
    );
  if (!own.data) return null;
  return <Own plan={own.data} offers={offers} />;
}

type Question = { readonly is: 'ending' } | { readonly is: 'switching'; readonly offer: Offer; readonly key: string };

function Own({ plan, offers }: { plan: OwnPlan; offers: readonly Offer[] }) {
  const { api } = useSession();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const askAnew = useAskAnew();
  const [question, setQuestion] = useState<Question | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const here = plan.store === 'stripe';
  const day = dayWords(plan.until);
  const change = async (ask: () => Promise<Answer>): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      queries.setQueryData(['plan'], (await ask()).plan);
      askAnew();
      setQuestion(null);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="sheet stack" aria-label={t('shop.own.title')}>
      <div className="stack-tight">
        <h2>{t('shop.own.title')}</h2>
        <p role="status">
          {plan.renews ? t('shop.own.renews', { plan: plan.plan.name, day }) : t('shop.own.ends', { plan: plan.plan.name, day })}
        </p>
        {plan.state === 'grace' && <p className="note warn">{t('shop.own.grace')}</p>}
        {!here && <p className="soft">{t(`shop.own.store.${plan.store === 'stripe' ? 'house' : plan.store}`)}</p>}
      </div>
      {error !== null && <BuyingProblem error={error} />}
      {here && question?.is === 'ending' && (
        <Ask
          lead={t('shop.own.endAsk', { plan: plan.plan.name, day })}
          yes={t('shop.own.endNow')}
          busy={busy}
          onYes={() => void change(() => api.call(cancelPlan))}
          onNo={() => setQuestion(null)}
        />
      )}
      {here && question?.is === 'switching' && (
        <Ask
          lead={t('shop.own.switchAsk', { what: offerTitle(t, question.offer), money: offerPrice(t, question.offer) })}
          yes={t('shop.own.switchNow', { what: offerTitle(t, question.offer), money: offerPrice(t, question.offer) })}
          busy={busy}
          onYes={() => void change(() => api.call(switchPlan, { body: { priceId: question.offer.priceId }, key: question.key }))}
          onNo={() => setQuestion(null)}
        />
      )}
      {here && question === null && (
        <>
          <ul className="offers">
            {offers
              .filter(({ plan: other }) => other && other.id !== plan.plan.id)
              .map((offer) => (
                <li key={offer.priceId} className="offer">
                  <div className="offer-words">
                    <h3>{offerTitle(t, offer)}</h3>
                    <p>{offerMeaning(t, offer, null)}</p>
                  </div>
                  <p className="offer-price">{offerPrice(t, offer)}</p>
                  <Button variant="default" fullWidth onClick={() => setQuestion({ is: 'switching', offer, key: newKey() })}>
                    {t('shop.own.switch', { what: offerTitle(t, offer), money: offerPrice(t, offer) })}
                  </Button>
                </li>
              ))}
          </ul>
          <div>
            {plan.renews ? (
              <Button variant="default" onClick={() => setQuestion({ is: 'ending' })}>
                {t('shop.own.end')}
              </Button>
            ) : (
              <Button loading={busy} onClick={() => void change(() => api.call(resumePlan))}>
                {t('shop.own.goOn')}
              </Button>
            )}
          </div>
        </>
      )}
    </section>
  );
}

function Ask({ lead, yes, busy, onYes, onNo }: { lead: string; yes: string; busy: boolean; onYes: () => void; onNo: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="note warn" role="alert">
      <p className="note-text">{lead}</p>
      <div className="row">
        <Button loading={busy} onClick={onYes}>
          {yes}
        </Button>
        <Button variant="default" disabled={busy} onClick={onNo}>
          {t('shop.notNow')}
        </Button>
      </div>
    </div>
  );
}
