/** A price of a product on one platform. What a price asks never changes: another amount is another price, and the newest counts. */
import { useState } from 'react';
import { type Platform, platform as platformSchema } from '../../../../worker/protocol/http/shop.ts';
import { addPrice, type CatalogProduct, endPrice } from '../../../../worker/protocol/http/shop-desk.ts';
import { useSession } from '../../../ui/session.tsx';
import { Choose } from '../../desk/choose.tsx';
import { Dialog } from '../../desk/dialog.tsx';
import type { Done } from '../../desk/done.tsx';
import { centsOf, isCurrency, moneyWords } from '../../desk/money.ts';
import { useWords } from '../../words.ts';
import { counting } from './prices.ts';
import { useRenew } from './reading.ts';

interface Props {
  readonly product: CatalogProduct;
  readonly onDone: (done: Done) => void;
  readonly onClose: () => void;
}

export function NewPrice({ product, onDone, onClose }: Props) {
  const { api } = useSession();
  const { t } = useWords();
  const renew = useRenew();
  const [platform, setPlatform] = useState<Platform>('web');
  const [currency, setCurrency] = useState('EUR');
  const [text, setText] = useState('');
  const [storeRef, setRef] = useState('');
  const amount = centsOf(text, currency);
  const before = isCurrency(currency) ? counting(product.prices, { platform, currency, now: Date.now() }) : undefined;
  const after = amount === null ? null : moneyWords({ amount, currency });
  return (
    <Dialog
      title={t('shop.newPriceOf', { product: product.id })}
      confirm={t('shop.addPrice')}
      ready={amount !== null && storeRef.trim() !== ''}
      onClose={onClose}
      onConfirm={async () => {
        if (amount === null) return;
        const body = { platform, currency, amount, storeRef: storeRef.trim() };
        const { product: next } = await api.call(addPrice, { params: { id: product.id }, body });
        await renew();
        const added = next.prices.find((price) => !product.prices.some(({ id }) => id === price.id));
        onDone({
          said: t('shop.priceAdded', { price: after ?? '', platform: t(`shop.platform.${platform}`) }),
          ...(added && {
            undo: async () => {
              await api.call(endPrice, { params: { id: added.id }, body: {} });
              await renew();
              onDone({ said: t('shop.ended', { price: after ?? '' }) });
            },
          }),
        });
      }}
    >
      <div className="entries-row">
        <Choose
          label={t('shop.where')}
          value={platform}
          options={platformSchema.options}
          wordOf={(one) => t(`shop.platform.${one}`)}
          onChange={(one) => one && setPlatform(one)}
        />
        <label className="entry">
          <span>{t('shop.price')}</span>
          <input
            className="field figures"
            inputMode="decimal"
            autoComplete="off"
            data-autofocus
            required
            aria-invalid={text !== '' && amount === null}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <label className="entry">
          <span>{t('shop.currency')}</span>
          <input
            className="field figures"
            autoComplete="off"
            spellCheck={false}
            maxLength={3}
            required
            aria-invalid={!isCurrency(currency)}
            value={currency}
            onChange={(event) => setCurrency(event.currentTarget.value.toUpperCase())}
          />
        </label>
      </div>
      <label className="entry">
        <span>{t(`shop.refAt.${platform}`)}</span>
        <input
          className="field wide mono"
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          required
          value={storeRef}
          onChange={(event) => setRef(event.currentTarget.value)}
        />
      </label>
      <p className="effect" role="status">
        {after === null ? (
          <span className="soft">{t('shop.priceLead')}</span>
        ) : before ? (
          t('shop.priceEffect', { before: moneyWords(before), after })
        ) : (
          t('shop.priceFirst', { after })
        )}
      </p>
      {product.state === 'live' && <p className="soft">{t('shop.priceAtOnce')}</p>}
    </Dialog>
  );
}
