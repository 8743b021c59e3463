/** What somebody has to talk with, in the order in which it is spent: by plan, by moments, by coins. */
import { useTranslation } from 'react-i18next';
import type { Quote } from '../../../worker/protocol/call/call.ts';
import type { Offer } from '../../../worker/protocol/http/shop.ts';
import type { OwnMeans } from '../../../worker/protocol/means.ts';
import { amountAndTimeWords, amountWords, comingWords, durationWords, priceWords } from '../../ui/format.ts';
import { useNow } from '../../ui/use-store.ts';
import { useGallery } from '../gallery.ts';
import { dayWords, planNameOf } from './money-words.ts';

type Mean = OwnMeans['means'][number];
type MeanOf<Is extends Mean['is']> = Extract<Mean, { is: Is }>;

export interface HaveProps {
  readonly means: OwnMeans;
  readonly price: Quote | null;
  readonly offers: readonly Offer[] | undefined;
}

export function Have({ means: { model, means }, price, offers }: HaveProps) {
  const { t } = useTranslation();
  // What somebody neither uses nor ever bought is not spoken of.
  const own = { tokens: 'coins', subscription: 'allowance', moments: 'moments' }[model];
  const shown = means.filter((mean) => mean.is === own || !('left' in mean) || mean.left > 0);
  return (
    <section className="sheet stack" aria-label={t('shop.have')}>
      <h2 className="soft have-title">{t('shop.have')}</h2>
      {shown.length === 0 && <p className="lead-line">{t('shop.nothing')}</p>}
      {shown.map((mean) => (
        <div key={mean.is === 'piece' ? mean.peerId : mean.is} className="stack-tight">
          {mean.is === 'allowance' && <Plan mean={mean} offers={offers} />}
          {mean.is === 'moments' && <Moments mean={mean} price={price} big={mean.is === own} />}
          {mean.is === 'piece' && <Piece mean={mean} />}
          {mean.is === 'coins' && <Coins mean={mean} price={price} big={mean.is === own} />}
        </div>
      ))}
    </section>
  );
}

function Plan({ mean, offers }: { mean: MeanOf<'allowance'>; offers: readonly Offer[] | undefined }) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const plan = planNameOf(mean.plan, offers);
  const turns = comingWords(t, mean.turnsAt, now);
  const used = mean.seconds > 0 && mean.secondsLeft === 0;
  return (
    <>
      <p>{t('shop.yourPlan', { plan })}</p>
      <p className="big-number" data-testid="wallet-total">
        {durationWords(t, mean.secondsLeft)}
      </p>
      <p className="lead-line">
        {used ? t('shop.usedUp', { time: durationWords(t, mean.seconds) }) : t('shop.leftOf', { time: durationWords(t, mean.seconds) })}
      </p>
      <Bar left={mean.secondsLeft} of={mean.seconds} />
      {mean.messages > 0 && <p>{t('shop.messagesLeft', { count: mean.messagesLeft, of: mean.messages })}</p>}
      <p className="soft">{t(used ? 'shop.backAgain' : 'shop.turns', { when: turns })}</p>
    </>
  );
}

/** The same as the words beside it, to be seen at a glance. */
function Bar({ left, of }: { left: number; of: number }) {
  return (
    <div className="left-bar" aria-hidden="true">
      <span style={{ inlineSize: `${of === 0 ? 0 : Math.round((100 * left) / of)}%` }} />
    </div>
  );
}

function Moments({ mean, price, big }: { mean: MeanOf<'moments'>; price: Quote | null; big: boolean }) {
  const { t } = useTranslation();
  const each = price?.means?.find((paid) => paid.is === 'moments');
  const words = amountWords(t, { unit: 'MOMENT', amount: mean.left });
  return (
    <>
      <p className={big ? 'big-number' : 'lead-line'} data-testid={big ? 'wallet-total' : 'wallet-moments'}>
        {big ? words : t('shop.andMore', { amount: words })}
      </p>
      {each && <p className="lead-line">{t('shop.momentEach', { time: durationWords(t, each.secondsEach) })}</p>}
      {mean.lots.length > 0 && (
        <ul className="plain-list">
          {mean.lots.map((lot) => (
            <li key={lot.expiresAt}>
              {t('shop.lot', { amount: amountWords(t, { unit: 'MOMENT', amount: lot.left }), day: dayWords(lot.expiresAt) })}
            </li>
          ))}
        </ul>
      )}
      {mean.lots.length > 1 && <p className="soft">{t('shop.oldestFirst')}</p>}
    </>
  );
}

function Piece({ mean }: { mean: MeanOf<'piece'> }) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const person = useGallery('audio').items?.find((item) => item.person.id === mean.peerId)?.person;
  return (
    <p className="note">
      {t(person ? 'shop.pieceWith' : 'shop.piece', {
        name: person?.displayName ?? '',
        time: durationWords(t, mean.audioSecondsLeft),
        when: comingWords(t, mean.until, now),
      })}
    </p>
  );
}

function Coins({ mean, price, big }: { mean: MeanOf<'coins'>; price: Quote | null; big: boolean }) {
  const { t } = useTranslation();
  const coins = { unit: 'COIN', amount: mean.left } as const;
  const words = amountWords(t, coins);
  const withTime = amountAndTimeWords(t, coins, price);
  return (
    <>
      <p className={big ? 'big-number' : 'lead-line'} data-testid={big ? 'wallet-total' : 'wallet-coins'}>
        {big ? words : t('shop.andMore', { amount: withTime })}
      </p>
      {big && mean.left > 0 && withTime !== words && (
        <p className="lead-line" data-testid="wallet-time">
          {withTime}
        </p>
      )}
      {big && price?.unit === 'COIN' && <p className="soft">{t('shop.usualPrice', { price: priceWords(t, price) })}</p>}
    </>
  );
}
