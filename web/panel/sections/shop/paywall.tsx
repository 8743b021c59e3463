/** One paywall: what it offers, as members of each kind see it; putting it in force and retiring it. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { changePaywall, type DeskPaywall } from '../../../../worker/protocol/http/shop-desk.ts';
import { Waiting } from '../../../ui/problem-note.tsx';
import { useSession } from '../../../ui/session.tsx';
import { useGo, usePathId } from '../../address.ts';
import { type Done, DoneNote } from '../../desk/done.tsx';
import { Fact } from '../../desk/fact.tsx';
import { Nothing, Unread } from '../../desk/nothing.tsx';
import { When } from '../../desk/words.tsx';
import { Keys, useCommand } from '../../frame/shortcuts.tsx';
import { useWords } from '../../words.ts';
import { ChangePaywall, useOfferWords } from './paywall-form.tsx';
import { usePaywalls } from './reading.ts';
import { SaleMark } from './said.tsx';
import { Seen } from './seen.tsx';
import { Selling } from './selling.tsx';
import './shop.css';

export default function PaywallPage() {
  const id = usePathId();
  const paywalls = usePaywalls();
  if (paywalls.isError) return <Unread error={paywalls.error} onRetry={() => void paywalls.refetch()} />;
  if (!paywalls.data) return <Waiting />;
  const paywall = paywalls.data.find((one) => one.id === id);
  const { placement } = paywall ?? {};
  const before = paywalls.data.find((one) => one.placement === placement && placement !== 'link' && one.state === 'live' && one.id !== id);
  return paywall ? <Paywall paywall={paywall} givesWay={before} /> : <Nothing />;
}

function Paywall({ paywall, givesWay }: { paywall: DeskPaywall; givesWay: DeskPaywall | undefined }) {
  const { api } = useSession();
  const { t } = useWords();
  const go = useGo();
  const wordOf = useOfferWords();
  const [asking, setAsking] = useState<'change' | 'live' | 'retired' | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const { id, state, placement } = paywall;
  const open = state !== 'retired';
  useCommand({ keys: 'Escape', label: t('shop.backPaywalls'), group: 'here', run: () => go('/shop/paywalls') });
  useCommand({ keys: 'p', label: t('shop.putInForce'), group: 'here', run: () => setAsking('live') }, state === 'draft');
  useCommand({ keys: 'e', label: t('shop.change'), group: 'here', run: () => setAsking('change') }, open);
  return (
    <div className="stack-tight">
      <div className="head">
        <div>
          <p className="crumbs">
            <Link to="/shop/paywalls">{t('shop.part.paywalls')}</Link>
          </p>
          <h1>
            {id} <SaleMark state={state} />
          </h1>
          <p className="soft">{t(`shop.placement.${placement}`)}</p>
        </div>
        {open && (
          <span className="row-tight">
            <button type="button" className="act" onClick={() => setAsking('change')}>
              {t('shop.change')} <Keys of="e" />
            </button>
            <button type="button" className="act stop" onClick={() => setAsking('retired')}>
              {t(state === 'draft' ? 'tariffs.discard' : 'shop.retire')}
            </button>
            {state === 'draft' && (
              <button type="button" className="act go" onClick={() => setAsking('live')}>
                {t('shop.putInForce')} <Keys of="p" />
              </button>
            )}
          </span>
        )}
      </div>
      <DoneNote done={done} />
      <dl className="facts">
        <Fact name={t('shop.layout')}>{t(`shop.layouts.${paywall.layout}`)}</Fact>
        {placement === 'link' && (
          <Fact name={t('shop.link')}>
            <span className="mono">/go/paywall/{id}</span>
          </Fact>
        )}
        <Fact name={t('shop.changed')}>
          <When at={paywall.changedAt} />
        </Fact>
      </dl>
      <div className="two">
        <section className="stack-tight" aria-labelledby="offers">
          <h2 id="offers">{t('shop.offers')}</h2>
          <ol className="offers">
            {paywall.offers.map(({ product, highlighted }) => (
              <li key={product}>
                <span>
                  {wordOf(product)}{' '}
                  <Link to="/shop/products/$id" params={{ id: product }} className="mono">
                    {product}
                  </Link>
                </span>
                {highlighted && <strong>{t('shop.highlighted')}</strong>}
              </li>
            ))}
          </ol>
        </section>
        <Seen paywall={paywall} />
      </div>
      {asking === 'change' && <ChangePaywall paywall={paywall} onDone={setDone} onClose={() => setAsking(null)} />}
      {(asking === 'live' || asking === 'retired') && (
        <Selling
          name={id}
          now={paywall}
          to={asking}
          lead={
            <p>
              {asking === 'live'
                ? givesWay
                  ? t('shop.givesWay', { name: givesWay.id })
                  : t('shop.firstThere', { place: t(`shop.placement.${placement}`) })
                : t(state === 'draft' ? 'shop.discardLead' : 'shop.retirePaywallLead')}
            </p>
          }
          write={(seenChangedAt) => api.call(changePaywall, { params: { id }, body: { state: asking, seenChangedAt } })}
          onDone={setDone}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  );
}
