/** The products that a paywall offers, in order; one moves up and down by its buttons. */
import type { CatalogProduct, DeskPaywall } from '../../../../worker/protocol/http/shop-desk.ts';
import { useWords } from '../../words.ts';

export type Offers = DeskPaywall['offers'];
const MOST_OFFERS = 10;

interface Props {
  readonly offers: Offers;
  readonly products: readonly CatalogProduct[];
  readonly wordOf: (product: string) => string;
  readonly onChange: (offers: Offers) => void;
}

export function OffersField({ offers, products, wordOf, onChange }: Props) {
  const { t } = useWords();
  const left = products.filter(({ id, state }) => state !== 'retired' && !offers.some(({ product }) => product === id));
  const up = (n: number): void =>
    onChange(offers.map((offer, at) => (at === n - 1 ? offers[n] : at === n ? offers[n - 1] : offer) ?? offer));
  return (
    <fieldset>
      <legend>{t('shop.offers')}</legend>
      <ol className="offers">
        {offers.map((offer, n) => (
          <li key={offer.product}>
            <span>
              {wordOf(offer.product)} <span className="soft mono">{offer.product}</span>
            </span>
            <label className="tick">
              <input
                type="checkbox"
                checked={offer.highlighted}
                onChange={(event) => {
                  const highlighted = event.currentTarget.checked;
                  onChange(offers.map((one) => (one.product === offer.product ? { ...one, highlighted } : one)));
                }}
              />{' '}
              {t('shop.highlighted')}
            </label>
            <span className="row-tight">
              <button type="button" className="act" disabled={n === 0} onClick={() => up(n)}>
                {t('shop.up')} <span className="unseen">{wordOf(offer.product)}</span>
              </button>
              <button type="button" className="act" onClick={() => onChange(offers.filter((one) => one.product !== offer.product))}>
                {t('editor.remove')} <span className="unseen">{wordOf(offer.product)}</span>
              </button>
            </span>
          </li>
        ))}
      </ol>
      {offers.length < MOST_OFFERS && left.length > 0 && (
        <label className="choose">
          <span>{t('shop.addOffer')}</span>
          <select
            className="field"
            value=""
            onChange={(event) => onChange([...offers, { product: event.currentTarget.value, highlighted: false }])}
          >
            <option value="">{t('shop.choose')}</option>
            {left.map(({ id }) => (
              <option key={id} value={id}>
                {wordOf(id)} ({id})
              </option>
            ))}
          </select>
        </label>
      )}
    </fieldset>
  );
}
