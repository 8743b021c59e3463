/** Back from Stripe's page: waits until what was bought is there, says what came, and leads back to where one was. */
import './wallet.css';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Id } from '../../../worker/protocol/ids.ts';
import { begunPayment } from '../../client/shop/wishes.ts';
import { Page } from '../../ui/frame.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Outcome } from './outcome.tsx';
import { shopWords } from './words.ts';

await shopWords;

export function Return({ intentId, cancelled }: { intentId: Id<'pin'>; cancelled: boolean }) {
  const { t } = useTranslation();
  // Kept before it is forgotten: what is over is taken from the shelf.
  const [backTo] = useState(() => {
    const begun = begunPayment(localStorage, Date.now());
    return begun?.intentId === intentId && begun.backTo !== '/wallet' ? begun.backTo : null;
  });
  return (
    <Page>
      <div className="narrow stack">
        <h1>{t('shop.payment')}</h1>
        <div className="sheet">
          <Outcome
            intentId={intentId}
            cancelled={cancelled}
            next={(standing) => {
              const quiet = standing === 'waiting' || standing === 'bank' || standing === 'stopped';
              return (
                <>
                  {backTo !== null && (
                    <ButtonLink to={backTo} quiet={quiet}>
                      {t(backTo.startsWith('/people/') ? 'shop.backToPerson' : 'shop.backToPage')}
                    </ButtonLink>
                  )}
                  {!(standing === 'stopped' && backTo !== null) && (
                    <ButtonLink to="/wallet" quiet={quiet || backTo !== null}>
                      {t('shop.toWallet')}
                    </ButtonLink>
                  )}
                </>
              );
            }}
          />
        </div>
      </div>
    </Page>
  );
}
