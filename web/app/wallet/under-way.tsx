/** A payment that was begun on this device and is not over: nothing of it is lost by leaving the page. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Id } from '../../../worker/protocol/ids.ts';
import { begunPayment } from '../../client/shop/wishes.ts';
import { Button } from '../../ui/button.tsx';
import { Outcome } from './outcome.tsx';

export function UnderWay() {
  const { t } = useTranslation();
  // What is begun while the page stands is followed where it was begun.
  const [intentId, setIntentId] = useState(() => begunPayment(localStorage, Date.now())?.intentId ?? null);
  if (intentId === null) return null;
  return (
    <section className="sheet stack" aria-label={t('shop.underWay')}>
      <Outcome
        intentId={intentId as Id<'pin'>}
        cancelled
        next={(standing) =>
          standing !== 'stopped' &&
          standing !== 'bank' && (
            <Button variant="default" onClick={() => setIntentId(null)}>
              {t('close')}
            </Button>
          )
        }
      />
    </section>
  );
}
