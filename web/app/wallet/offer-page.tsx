/** What a link offers (`/go/paywall/…` leads here). */
import './wallet.css';
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/frame.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { useUsualPrice } from '../gallery.ts';
import { Paywall } from './paywall.tsx';
import { shopWords } from './words.ts';

await shopWords;

export function OfferPage({ offer }: { offer: string }) {
  const { t } = useTranslation();
  const price = useUsualPrice();
  return (
    <Page>
      <div className="narrow stack">
        <h1>{t('shop.paywall.title.link')}</h1>
        <div className="sheet">
          <Paywall
            placement="link"
            offer={offer}
            untitled
            price={price}
            backTo="/"
            notNow={
              <ButtonLink to="/" quiet fullWidth>
                {t('shop.paywall.notNow')}
              </ButtonLink>
            }
          />
        </div>
      </div>
    </Page>
  );
}
