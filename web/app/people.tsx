/** Who is here: large faces in the simple view; in the full one also people one talked to, and filters. */
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listCalls } from '../../worker/protocol/http/calls.ts';
import type { GalleryItem } from '../../worker/protocol/http/gallery.ts';
import type { UserId } from '../../worker/protocol/ids.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/call/icons.tsx';
import { controlled } from '../ui/controlled.tsx';
import { languageWords, payHeadline } from '../ui/format.ts';
import { Page } from '../ui/frame.tsx';
import { ButtonLink, LineLink } from '../ui/links.tsx';
import { Portrait } from '../ui/portrait.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { useSession } from '../ui/session.tsx';
import { Empty, Skeleton } from '../ui/states.tsx';
import { useStore } from '../ui/use-store.ts';
import { favoritesFirst, useFavorites } from './favorites.ts';
import { useGallery } from './gallery.ts';
import { Presence } from './presence.tsx';
import { hasWishes, wishedFirst } from './wishes.ts';

const Opening = lazy(() => import('./opening.tsx').then(({ Opening }) => ({ default: Opening })));
const Filters = lazy(controlled(() => import('./filters.tsx'), 'Filters'));

/** So many faces in the simple view; the rest is one tap away. */
const SIMPLE = 6;

export function People() {
  const { t } = useTranslation();
  const { me } = useSession();
  const full = me.comfort.view === 'full';
  const [all, setAll] = useState(false);
  const [topic, setTopic] = useState('');
  const [language, setLanguage] = useState('');
  const { items: everybody, isPending, error, refetch } = useGallery('audio');
  const favorites = useFavorites();
  // Nobody changes place under the finger once faces are shown.
  const items = favorites.known ? everybody : undefined;
  const fits = ({ person }: GalleryItem): boolean =>
    (topic === '' || person.skills.includes(topic)) && (language === '' || person.languages.includes(language));
  const shown = full ? (items?.filter(fits) ?? []) : (items ?? []);
  const ordered = favoritesFirst(wishedFirst(shown, me.wishes), favorites.ids);
  const here = ordered.filter(({ available }) => available);
  const away = ordered.filter(({ available }) => !available);
  const few = !full && !all;
  const heads = few ? here.slice(0, SIMPLE) : here;
  const tails = few ? away.slice(0, Math.max(0, SIMPLE - heads.length)) : away;
  return (
    <Page>
      <div className={full ? 'stack home' : 'stack home simple'}>
        <div className="stack-tight">
          <p className="hello">{t('home.hello', { name: me.public.displayName })}</p>
          <h1>{t('people.title')}</h1>
          <p className="soft">
            {t('people.lead')} {hasWishes(me.wishes) && t('home.wished')}
          </p>
        </div>
        {full && items && (
          <Suspense fallback={null}>
            <Filters items={items} topic={topic} language={language} onTopic={setTopic} onLanguage={setLanguage} />
          </Suspense>
        )}
        {(isPending || (everybody && !items)) && <Skeleton shape="faces" count={3} />}
        {error && !items && <ProblemNote error={error} onRetry={() => void refetch()} />}
        {items && here.length === 0 && (topic !== '' || language !== '') && (
          <Empty title={t('home.noneFit')} picture="cup">
            <p>{t('home.noneFitLead')}</p>
            <Button
              variant="default"
              onClick={() => {
                setTopic('');
                setLanguage('');
              }}
            >
              {t('home.showAll')}
            </Button>
          </Empty>
        )}
        {items && here.length === 0 && topic === '' && language === '' && (
          <Suspense fallback={<Skeleton />}>
            <Opening nobody={items.length === 0} />
          </Suspense>
        )}
        {heads.length > 0 && <Faces title={t('people.here')} items={heads} favorites={favorites.ids} />}
        {full && <Known />}
        {tails.length > 0 && <Faces title={t('people.away')} items={tails} favorites={favorites.ids} />}
        {few && shown.length > heads.length + tails.length && (
          <div>
            <Button variant="default" onClick={() => setAll(true)}>
              {t('home.more')}
            </Button>
          </div>
        )}
      </div>
    </Page>
  );
}

/** People one has talked to, by the list of calls. */
function Known() {
  const { api, live } = useSession();
  const { t } = useTranslation();
  const version = useStore(live.callsVersion);
  const calls = useQuery({ queryKey: ['calls', version], queryFn: () => api.call(listCalls, { query: { limit: 20 } }) });
  const seen = new Map(
    calls.data?.items
      .filter(({ call }) => call.connectedMs > 0)
      .map(({ call, caller, callee }) => (call.callerId === live.me.id ? callee : caller))
      .map((card) => [card.id, card]),
  );
  if (seen.size === 0) return null;
  return (
    <section className="stack-tight" aria-label={t('home.known')}>
      <h2>{t('home.known')}</h2>
      <ul className="known">
        {[...seen.values()].slice(0, 8).map((card) => (
          <li key={card.id}>
            <LineLink to="/people/$id" params={{ id: card.id }}>
              <Portrait name="" seed={card.portrait ?? card.displayName} size={56} />
              <strong>{card.displayName}</strong>
            </LineLink>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Faces({ title, items, favorites }: { title: string; items: readonly GalleryItem[]; favorites: readonly UserId[] }) {
  const { t } = useTranslation();
  return (
    <section className="stack" aria-label={title}>
      <h2>{title}</h2>
      <ul className="people">
        {items.map(({ person, presence, available, price }) => (
          <li key={person.id}>
            <article className={available ? 'sheet person here' : 'sheet person'} aria-label={person.displayName}>
              <Portrait name={person.displayName} seed={person.portrait} size={260} />
              <div className="person-text stack-tight">
                <h3>{person.displayName}</h3>
                {favorites.includes(person.id) && (
                  <p className="favorite">
                    <Icon name="heart" size={22} /> {t('favorites.yours')}
                  </p>
                )}
                <Presence presence={presence} available={available} />
                {person.languages.length > 0 && <p>{t('people.speaks', { languages: languageWords(person.languages) })}</p>}
                <p className="price">{price ? payHeadline(t, price) : t('people.noPrice')}</p>
              </div>
              <ButtonLink to="/people/$id" params={{ id: person.id }} quiet={!available} fullWidth>
                {t(available ? 'people.talkTo' : 'people.seeMore', { name: person.displayName })}
              </ButtonLink>
            </article>
          </li>
        ))}
      </ul>
    </section>
  );
}
