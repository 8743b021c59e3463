/** Adding in the middle of a call, or right after it ended for want of means: the call's page stays. */
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import type { AddingProps } from '../../ui/call/adding.ts';
import { useSession } from '../../ui/session.tsx';
import { useUsualPrice } from '../gallery.ts';
import { Paywall } from './paywall.tsx';
import { shopWords } from './words.ts';

await shopWords;

export function Adding({ callId, onClose }: AddingProps) {
  const { live } = useSession();
  const { t } = useTranslation();
  const usual = useUsualPrice();
  return (
    <Paywall
      placement="balance_low"
      price={live.quoteOf(callId) ?? usual}
      backTo={`/call/${callId}`}
      inCall
      untitled
      notNow={
        onClose && (
          <Button variant="default" fullWidth onClick={onClose}>
            {t('shop.paywall.backToCall')}
          </Button>
        )
      }
    />
  );
}
