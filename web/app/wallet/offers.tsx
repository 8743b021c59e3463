/** What can be bought: the price beside what it is worth, and in the words of the button that takes it. */
import { useTranslation } from 'react-i18next';
import type { Quote } from '../../../worker/protocol/call/call.ts';
import type { Offer, Paywall } from '../../../worker/protocol/http/shop.ts';
import { Button } from '../../ui/button.tsx';
import { offerMeaning, offerPrice, offerTitle } from './money-words.ts';

export type OfferLayout = Paywall['layout'];
export type ShownOffer = Offer & { readonly highlighted?: boolean };

export interface OffersProps {
  readonly offers: readonly ShownOffer[];
  readonly layout: OfferLayout;
  readonly price: Quote | null;
  readonly disabled: boolean;
  readonly onChoose: (offer: Offer) => void;
}

export function Offers({ offers, layout, price, disabled, onChoose }: OffersProps) {
  const { t } = useTranslation();
  return (
    <ul className="offers" data-layout={layout}>
      {offers.map((offer) => {
        const meaning = offerMeaning(t, offer, price);
        return (
          <li key={offer.priceId} className="offer" data-highlighted={offer.highlighted || undefined}>
            <div className="offer-words">
              <h3>{offerTitle(t, offer)}</h3>
              {meaning !== null && <p>{meaning}</p>}
              {offer.plan && <p>{t(`shop.overage.${offer.plan.overage}`)}</p>}
            </div>
            <p className="offer-price">{offerPrice(t, offer)}</p>
            {offer.current ? (
              <p className="soft">{t('shop.planCurrent')}</p>
            ) : (
              <Button variant={offer.highlighted ? 'filled' : 'default'} disabled={disabled} fullWidth onClick={() => onChoose(offer)}>
                {t('shop.take', { what: offerTitle(t, offer), money: offerPrice(t, offer) })}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
