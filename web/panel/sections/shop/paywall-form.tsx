/** Drafting a paywall, and changing what one offers and how it looks. */
import { useState } from 'react';
import { layout as layoutSchema, type Placement, placement as placementSchema } from '../../../../worker/protocol/http/shop.ts';
import { changePaywall, type DeskPaywall, draftPaywall } from '../../../../worker/protocol/http/shop-desk.ts';
import { useSession } from '../../../ui/session.tsx';
import { Choose } from '../../desk/choose.tsx';
import { Dialog } from '../../desk/dialog.tsx';
import { Diff } from '../../desk/diff.tsx';
import type { Done } from '../../desk/done.tsx';
import { useSeen } from '../../desk/seen.ts';
import { useWords } from '../../words.ts';
import { isShortName, Named } from './fields.tsx';
import { type Offers, OffersField } from './offers.tsx';
import { usePlans, useProducts, useRenew } from './reading.ts';
import { givesWords } from './said.tsx';

export function useOfferWords(): (product: string) => string {
  const { t } = useWords();
  const [products, plans] = [useProducts().data ?? [], usePlans().data ?? []];
  return (id) => {
    const product = products.find((one) => one.id === id);
    return product ? givesWords(t, product, plans) : id;
  };
}

export function NewPaywall({ onDrafted, onClose }: { onDrafted: (id: string) => void; onClose: () => void }) {
  const { api } = useSession();
  const { t } = useWords();
  const renew = useRenew();
  const products = useProducts().data ?? [];
  const wordOf = useOfferWords();
  const [id, setId] = useState('');
  const [placement, setPlacement] = useState<Placement>('before_first_call');
  const [layout, setLayout] = useState<DeskPaywall['layout']>('cards');
  const [offers, setOffers] = useState<Offers>([]);
  return (
    <Dialog
      title={t('shop.newPaywall')}
      confirm={t('shop.draft')}
      ready={isShortName(id) && offers.length > 0}
      onClose={onClose}
      onConfirm={async () => {
        await api.call(draftPaywall, { body: { id, placement, layout, offers } });
        await renew();
        onDrafted(id);
      }}
    >
      <div className="entries-row">
        <Named label={t('shop.paywallId')} hint="autumn" value={id} onChange={setId} />
        <Choose
          label={t('shop.shownWhen')}
          value={placement}
          options={placementSchema.options}
          wordOf={(one) => t(`shop.placement.${one}`)}
          onChange={(one) => one && setPlacement(one)}
        />
        <Layout value={layout} onChange={setLayout} />
      </div>
      <OffersField offers={offers} products={products} wordOf={wordOf} onChange={setOffers} />
    </Dialog>
  );
}

export function ChangePaywall(props: { paywall: DeskPaywall; onDone: (done: Done) => void; onClose: () => void }) {
  const { paywall, onDone, onClose } = props;
  const { api } = useSession();
  const { t } = useWords();
  const renew = useRenew();
  const products = useProducts().data ?? [];
  const wordOf = useOfferWords();
  const { seen, meanwhile, save } = useSeen(paywall, renew);
  const [layout, setLayout] = useState(paywall.layout);
  const [offers, setOffers] = useState(paywall.offers);
  const { id } = paywall;
  const isSame = layout === seen.layout && JSON.stringify(offers) === JSON.stringify(seen.offers);
  const lines = (of: Pick<DeskPaywall, 'layout' | 'offers'>) =>
    new Map([
      [t('shop.layout'), t(`shop.layouts.${of.layout}`)],
      ...of.offers.map(
        ({ product, highlighted }, n) =>
          [t('shop.offerOf', { n: n + 1 }), `${wordOf(product)}${highlighted ? `, ${t('shop.highlighted')}` : ''}`] as const,
      ),
    ]);
  return (
    <Dialog
      title={t('shop.paywallTitle', { name: id })}
      confirm={t(meanwhile ? 'seen.anyway' : 'seen.save')}
      ready={offers.length > 0 && (!isSame || meanwhile !== null)}
      onClose={onClose}
      onConfirm={() =>
        save(async (seenChangedAt) => {
          const before = meanwhile ?? seen;
          const { paywall: next } = await api.call(changePaywall, { params: { id }, body: { layout, offers, seenChangedAt } });
          await renew();
          onDone({
            said: t('shop.paywallChanged', { name: id }),
            undo: async () => {
              const body = { layout: before.layout, offers: before.offers, seenChangedAt: next.changedAt };
              await api.call(changePaywall, { params: { id }, body });
              await renew();
              onDone({ said: t('shop.paywallBack', { name: id }) });
            },
          });
        })
      }
    >
      <Layout value={layout} onChange={setLayout} />
      <OffersField offers={offers} products={products} wordOf={wordOf} onChange={setOffers} />
      {meanwhile && (
        <div className="note warn stack-tight">
          <p>{t('seen.crossed')}</p>
          <Diff before={lines(meanwhile)} after={lines({ layout, offers })} />
        </div>
      )}
      {!meanwhile && !isSame && <Diff before={lines(seen)} after={lines({ layout, offers })} />}
    </Dialog>
  );
}

function Layout({ value, onChange }: { value: DeskPaywall['layout']; onChange: (value: DeskPaywall['layout']) => void }) {
  const { t } = useWords();
  return (
    <Choose
      label={t('shop.layout')}
      value={value}
      options={layoutSchema.options}
      wordOf={(one) => t(`shop.layouts.${one}`)}
      onChange={(one) => one && onChange(one)}
    />
  );
}
