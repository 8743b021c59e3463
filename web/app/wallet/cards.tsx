/** Saved cards: which there are, and forgetting one. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { removeCard, type SavedCard } from '../../../worker/protocol/http/shop.ts';
import { Button } from '../../ui/button.tsx';
import { locale } from '../../ui/i18n.ts';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { useCards } from './asking.ts';
import { cardWords } from './money-words.ts';

export function Cards() {
  const { t } = useTranslation();
  const cards = useCards();
  return (
    <section className="sheet stack" aria-label={t('shop.cards.title')}>
      <h2>{t('shop.cards.title')}</h2>
      {cards.isPending && <Waiting />}
      {cards.isError && <ProblemNote error={cards.error} onRetry={() => void cards.refetch()} />}
      {cards.data?.length === 0 && <p className="soft">{t('shop.cards.none')}</p>}
      <ul className="rows">
        {cards.data?.map((card) => (
          <li key={card.id}>
            <OneCard card={card} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function OneCard({ card }: { card: SavedCard }) {
  const { api } = useSession();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const until = new Intl.DateTimeFormat(locale(), { month: 'long', year: 'numeric' }).format(new Date(`${card.expires}-15`));
  const forget = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await api.call(removeCard, { params: { id: card.id } });
      await queries.invalidateQueries({ queryKey: ['cards'] });
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <div className="line wrap">
      <span className="grow">
        <strong>{cardWords(t, card)}</strong>
        <br />
        <span className="soft">{t('shop.cards.until', { month: until })}</span>
      </span>
      {error !== null && <ProblemNote error={error} />}
      {asking ? (
        <div className="row">
          <Button color="red" loading={busy} onClick={() => void forget()}>
            {t('shop.cards.forgetNow')}
          </Button>
          <Button variant="default" onClick={() => setAsking(false)}>
            {t('shop.cards.keep')}
          </Button>
        </div>
      ) : (
        <Button variant="default" onClick={() => setAsking(true)} aria-label={t('shop.cards.forgetOne', { card: cardWords(t, card) })}>
          {t('shop.cards.forget')}
        </Button>
      )}
    </div>
  );
}
