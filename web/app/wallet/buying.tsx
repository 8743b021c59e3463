/**
 * Buying, one question at a time: which one, then exactly what will be paid and how. A saved card pays with one tap;
 * everything else is paid at Stripe's page, which leads back to the page of the payment.
 */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Quote } from '../../../worker/protocol/call/call.ts';
import { type Intent, type Offer, type Placement, type SavedCard, startCheckout, topUpByCard } from '../../../worker/protocol/http/shop.ts';
import { ApiProblem, isProblem } from '../../client/problem.ts';
import { type BuyingWish, keepBegun, keyOfWish, wishAnswered } from '../../client/shop/wishes.ts';
import { Button, ButtonFace, buttonLooks } from '../../ui/button.tsx';
import { useSession } from '../../ui/session.tsx';
import { useAskAnew, useCards } from './asking.ts';
import { cardWords, moneyWords, offerMeaning, offerPrice, offerTitle } from './money-words.ts';
import { type OfferLayout, Offers, type ShownOffer } from './offers.tsx';
import { Outcome } from './outcome.tsx';
import { BuyingProblem } from './problem.tsx';

export interface BuyingProps {
  readonly offers: readonly ShownOffer[];
  readonly layout?: OfferLayout;
  readonly placement: Placement | null;
  /** What a call costs, so that time can stand beside coins. */
  readonly price: Quote | null;
  /** The page to come back to from Stripe's. */
  readonly backTo: string;
  /** A call runs: Stripe's page opens beside it, and the saved card pays with the first tap. */
  readonly inCall?: boolean;
  /** What to do once it is bought, or instead of buying. */
  readonly done?: ReactNode;
}

type Step =
  | { readonly is: 'choosing' }
  | { readonly is: 'asking'; readonly offer: Offer }
  | { readonly is: 'elsewhere'; readonly intent: Intent; readonly url: string }
  | { readonly is: 'following'; readonly intent: Intent };

/** An answer that is none: it may have been paid, and the same wish asks again. */
const isUnknown = (thrown: unknown): boolean => !(thrown instanceof ApiProblem) || thrown.status >= 500;

export function Buying({ offers, layout = 'list', placement, price, backTo, inCall = false, done }: BuyingProps) {
  const { api } = useSession();
  const { t } = useTranslation();
  const askAnew = useAskAnew();
  const cards = useCards();
  const [step, setStep] = useState<Step>({ is: 'choosing' });
  const [busy, setBusy] = useState<'card' | 'checkout' | null>(null);
  const [error, setError] = useState<unknown>(null);
  const card = cards.data?.[0] ?? null;

  // Who comes back by the browser's own button finds the page as it was left, and can go on.
  useEffect(() => {
    const back = ({ persisted }: PageTransitionEvent): void => {
      if (persisted) setBusy(null);
    };
    addEventListener('pageshow', back);
    return () => removeEventListener('pageshow', back);
  }, []);

  async function pay(way: 'card' | 'checkout', work: () => Promise<void>, wish: BuyingWish): Promise<void> {
    setBusy(way);
    setError(null);
    try {
      await work();
    } catch (thrown) {
      if (!isUnknown(thrown)) wishAnswered(localStorage, wish, Date.now());
      // The price they saw is not asked any more: what is shown next is.
      if (isProblem(thrown, 'price_gone')) {
        askAnew();
        setStep({ is: 'choosing' });
      }
      setError(thrown);
      setBusy(null);
    }
  }

  function byCard(offer: Offer, by: SavedCard): Promise<void> {
    const wish = { way: 'card', priceId: offer.priceId, card: by.id } as const;
    return pay(
      'card',
      async () => {
        const { intent } = await api.call(topUpByCard, {
          body: { priceId: offer.priceId, card: by.id },
          key: keyOfWish(localStorage, wish, Date.now()),
        });
        wishAnswered(localStorage, wish, Date.now());
        keepBegun(localStorage, { intentId: intent.id, backTo, at: Date.now() });
        setBusy(null);
        setStep({ is: 'following', intent });
      },
      wish,
    );
  }

  function byCheckout(offer: Offer): Promise<void> {
    const wish = { way: 'checkout', priceId: offer.priceId, card: null } as const;
    const begin = () =>
      api.call(startCheckout, {
        body: { priceId: offer.priceId, ...(placement === null ? {} : { placement }) },
        key: keyOfWish(localStorage, wish, Date.now()),
      });
    return pay(
      'checkout',
      async () => {
        let begun = await begin();
        if (begun.url === null) {
          // What was begun for this wish before is over: it is a new one.
          wishAnswered(localStorage, wish, Date.now());
          begun = await begin();
        }
        const { intent, url } = begun;
        keepBegun(localStorage, { intentId: intent.id, backTo, at: Date.now() });
        if (url === null || inCall) {
          setBusy(null);
          setStep(url === null ? { is: 'following', intent } : { is: 'elsewhere', intent, url });
        } else location.assign(url);
      },
      wish,
    );
  }

  const choose = (offer: Offer): void => {
    setError(null);
    if (inCall && card && offer.kind !== 'plan' && !offer.unusual) void byCard(offer, card);
    else setStep({ is: 'asking', offer });
  };

  if (step.is === 'following' || step.is === 'elsewhere')
    return (
      <div className="stack">
        {step.is === 'elsewhere' && (
          <div className="stack-tight">
            <p>{t('shop.elsewhere')}</p>
            <div>
              <a className="button" href={step.url} target="_blank" rel="noreferrer" {...buttonLooks({})}>
                <ButtonFace>{t('shop.openPayment', { money: moneyWords(step.intent.price) })}</ButtonFace>
              </a>
            </div>
          </div>
        )}
        <Outcome
          intentId={step.intent.id}
          inCall={inCall}
          next={(standing) => (
            <>
              {standing === 'come' && done}
              {standing !== 'waiting' && standing !== 'bank' && (
                <Button variant="default" onClick={() => setStep({ is: 'choosing' })}>
                  {t(standing === 'come' ? 'shop.more' : 'shop.chooseAgain')}
                </Button>
              )}
            </>
          )}
        />
      </div>
    );
  return (
    <div className="stack">
      {error !== null && <BuyingProblem error={error} />}
      {step.is === 'choosing' ? (
        <>
          {inCall && card && <p>{t('shop.oneTap', { card: cardWords(t, card) })}</p>}
          <Offers offers={offers} layout={layout} price={price} disabled={busy !== null} onChoose={choose} />
          {done}
        </>
      ) : (
        <Asking
          offer={step.offer}
          price={price}
          card={card}
          cardsKnown={!cards.isPending}
          busy={busy}
          onCard={(by) => void byCard(step.offer, by)}
          onCheckout={() => void byCheckout(step.offer)}
          onNotNow={() => {
            setError(null);
            setStep({ is: 'choosing' });
          }}
        />
      )}
    </div>
  );
}

interface AskingProps {
  readonly offer: Offer;
  readonly price: Quote | null;
  readonly card: SavedCard | null;
  readonly cardsKnown: boolean;
  readonly busy: 'card' | 'checkout' | null;
  readonly onCard: (card: SavedCard) => void;
  readonly onCheckout: () => void;
  readonly onNotNow: () => void;
}

/** Exactly what will be paid, before it is. “Not now” is as large as paying. */
function Asking({ offer, price, card, cardsKnown, busy, onCard, onCheckout, onNotNow }: AskingProps) {
  const { t } = useTranslation();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const meaning = offerMeaning(t, offer, price);
  const money = moneyWords(offer.price);
  const byCard = card !== null && offer.kind !== 'plan';
  return (
    <section className="stack asking" aria-labelledby="asking-title">
      <div className="stack-tight">
        <h3 id="asking-title" ref={title} tabIndex={-1}>
          {t('shop.askTitle', { what: offerTitle(t, offer), money: offerPrice(t, offer) })}
        </h3>
        {meaning !== null && <p>{meaning}</p>}
        <p>{offer.period === null ? t('shop.payOnce', { money }) : t(`shop.paySteady.${offer.period}`, { money })}</p>
      </div>
      {offer.unusual && (
        <p className="note warn" role="alert">
          {t('shop.unusual')}
        </p>
      )}
      <div className="pay-ways">
        {byCard && (
          <Button loading={busy === 'card'} disabled={busy !== null} onClick={() => onCard(card)}>
            {t('shop.payByCard', { money, card: cardWords(t, card) })}
          </Button>
        )}
        <Button
          variant={byCard ? 'default' : 'filled'}
          loading={busy === 'checkout'}
          disabled={busy !== null || !cardsKnown}
          onClick={onCheckout}
        >
          {t(byCard ? 'shop.payOtherwise' : 'shop.payThere', { money })}
        </Button>
        <Button variant="default" disabled={busy !== null} onClick={onNotNow}>
          {t('shop.notNow')}
        </Button>
      </div>
      <p className="soft">{t(offer.kind === 'plan' ? 'shop.safePlan' : 'shop.safe')}</p>
    </section>
  );
}
