/** A call was refused because nothing pays for it: said in plain words, with what would. */
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Quote } from '../../../worker/protocol/call/call.ts';
import { Button } from '../../ui/button.tsx';
import { useSession } from '../../ui/session.tsx';
import { useStore } from '../../ui/use-store.ts';
import { useMeans } from './asking.ts';
import { Paywall } from './paywall.tsx';
import { shopWords } from './words.ts';

await shopWords;

export interface NoMeansProps {
  readonly price: Quote | null;
  /** The page to come back to. */
  readonly backTo: string;
  readonly onNotNow: () => void;
}

export function NoMeans({ price, backTo, onNotNow }: NoMeansProps) {
  const { live } = useSession();
  const { t } = useTranslation();
  const means = useMeans();
  const has = Object.values(useStore(live.balance.amounts) ?? {}).some((amount) => amount > 0);
  const place = useRef<HTMLDivElement>(null);
  const known = means.data !== undefined;
  useEffect(() => {
    if (known) place.current?.focus();
  }, [known]);
  if (!means.data) return null;
  const day = means.data.means.find((mean) => mean.is === 'allowance');
  // Who has had something to talk with knows how it goes; for anybody else it is the first time.
  const placement = day && day.seconds > 0 ? 'limit_reached' : has ? 'balance_low' : 'before_first_call';
  return (
    <div className="sheet" role="alert" ref={place} tabIndex={-1}>
      <Paywall
        placement={placement}
        price={price}
        backTo={backTo}
        notNow={
          <Button variant="default" fullWidth onClick={onNotNow}>
            {t('shop.paywall.notNow')}
          </Button>
        }
      />
    </div>
  );
}
