/** One person: who they are, and the two ways to talk with the price of each beside it. */
import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallMedia, Quote } from '../../worker/protocol/call/call.ts';
import { type Acquaintance, type GalleryItem, readPerson } from '../../worker/protocol/http/gallery.ts';
import type { UserId } from '../../worker/protocol/ids.ts';
import { payingFor } from '../client/price.ts';
import { isProblem } from '../client/problem.ts';
import { Button } from '../ui/button.tsx';
import { BlockButton } from '../ui/call/block.tsx';
import { Icon } from '../ui/call/icons.tsx';
import { controlled } from '../ui/controlled.tsx';
import { aboutWords, languageWords, payHeadline, payWords, whenWords } from '../ui/format.ts';
import { Page } from '../ui/frame.tsx';
import { ButtonLink } from '../ui/links.tsx';
import { Portrait } from '../ui/portrait.tsx';
import { ProblemNote, Waiting } from '../ui/problem-note.tsx';
import { useSession } from '../ui/session.tsx';
import { Empty } from '../ui/states.tsx';
import { topicWords } from '../ui/topics.ts';
import { useNow, useStore } from '../ui/use-store.ts';
import { useFavorites } from './favorites.ts';
import { usePlaceCall } from './place-call.ts';
import { Presence } from './presence.tsx';

const NoMeans = lazy(controlled(() => import('./wallet/no-means.tsx'), 'NoMeans'));

export function PersonPage({ userId }: { userId: UserId }) {
  const { api, live } = useSession();
  const { t } = useTranslation();
  const told = useStore(live.presence).get(userId);
  const read = useQuery({
    queryKey: ['gallery', 'person', userId],
    queryFn: () => api.call(readPerson, { params: { id: userId } }),
  });
  if (read.isPending)
    return (
      <Page>
        <Waiting />
      </Page>
    );
  if (read.isError)
    return (
      <Page>
        <div className="narrow stack">
          {isProblem(read.error, 'not_found') ? (
            <Empty title={t('person.notFound')} />
          ) : (
            <ProblemNote error={read.error} onRetry={() => void read.refetch()} />
          )}
          <ButtonLink to="/">{t('person.toPeople')}</ButtonLink>
        </div>
      </Page>
    );
  return (
    <Page>
      <Person item={{ ...read.data.person, ...told }} videoPrice={read.data.videoPrice} known={read.data.known} />
    </Page>
  );
}

function Person({ item, videoPrice, known }: { item: GalleryItem; videoPrice: Quote | null; known: Acquaintance | null }) {
  const { t } = useTranslation();
  const { me } = useSession();
  const now = useNow(60_000);
  const { person, available, presence } = item;
  const { place, busy, error, forget } = usePlaceCall();

  const choice = (media: CallMedia, price: Quote | null) =>
    item.media.includes(media) && (
      <Choice
        media={media}
        name={person.displayName}
        price={price}
        busy={busy?.media ?? null}
        disabled={!available}
        onCall={() => void place(person.id, media)}
      />
    );
  return (
    <div className="person-page">
      <Portrait name={person.displayName} seed={person.portrait} size={380} />
      <div className="stack">
        <div className="stack-tight">
          <h1>{person.displayName}</h1>
          {person.pronunciation && <p className="soft">{t('pronunciation.said', { how: person.pronunciation })}</p>}
          <Presence presence={presence} available={available} />
          {person.languages.length > 0 && <p>{t('people.speaks', { languages: languageWords(person.languages) })}</p>}
        </div>
        {person.about && <p style={{ maxWidth: '60ch' }}>{person.about}</p>}
        {person.skills.length > 0 && (
          <ul className="chips">
            {person.skills.map((skill) => (
              <li key={skill}>{topicWords(t, skill)}</li>
            ))}
          </ul>
        )}
        {known && known.talks > 0 && (
          <p className="note" data-testid="known">
            {t('person.known', { count: known.talks, time: aboutWords(t, known.connectedMs / 1000) })}
            {known.lastTalks[0] && ` ${t('person.lastTalk', { when: whenWords(known.lastTalks[0].at, now) })}`}
          </p>
        )}
        {isProblem(error, 'insufficient_funds') ? (
          <Suspense fallback={<Waiting />}>
            <NoMeans price={item.price} backTo={`/people/${person.id}`} onNotNow={forget} />
          </Suspense>
        ) : (
          error !== null && <ProblemNote error={error} />
        )}
        {!available && (
          <p className="note" role="status">
            {t('person.notNow', { name: person.displayName })}
          </p>
        )}
        <section className="sheet stack" aria-label={t('person.callHow')}>
          <h2>{t('person.callHow')}</h2>
          <div className="choices">
            {me.wishes.media === 'video' && choice('video', videoPrice)}
            {choice('audio', item.price)}
            {me.wishes.media !== 'video' && choice('video', videoPrice)}
          </div>
          <p className="soft">{t('price.nothingBefore')}</p>
        </section>
        <section className="sheet stack" aria-label={t('person.write', { name: person.displayName })}>
          <p>{t('person.writeLead', { name: person.displayName })}</p>
          <div>
            <ButtonLink to="/chats/with/$id" params={{ id: person.id }} quiet>
              <Icon name="message" /> {t('person.write', { name: person.displayName })}
            </ButtonLink>
          </div>
        </section>
        <FavoriteButton userId={person.id} name={person.displayName} />
        <div>
          <BlockButton userId={person.id} name={person.displayName} />
        </div>
      </div>
    </div>
  );
}

function FavoriteButton({ userId, name }: { userId: UserId; name: string }) {
  const { t } = useTranslation();
  const { ids, known, change, error } = useFavorites();
  const kept = ids.includes(userId);
  return (
    <section className="sheet stack" aria-label={t('favorites.title', { name })}>
      <p role="status">{t(kept ? 'favorites.is' : 'favorites.lead', { name })}</p>
      {error !== null && <ProblemNote error={error} />}
      <div>
        <Button variant="default" disabled={!known} onClick={() => change({ userId, keep: !kept })} leftSection={<Icon name="heart" />}>
          {t(kept ? 'favorites.drop' : 'favorites.keep', { name })}
        </Button>
      </div>
    </section>
  );
}

interface ChoiceProps {
  readonly media: CallMedia;
  readonly name: string;
  readonly price: Quote | null;
  readonly busy: CallMedia | null;
  readonly disabled: boolean;
  readonly onCall: () => void;
}

/** How far what they have goes; null where the line that says what pays says it already. */
function lastsWords(t: TFunction, price: Quote): string | null {
  const [first, ...others] = payingFor(price);
  if (price.secondsAffordable === null) return t('price.endless');
  if (price.secondsAffordable === 0) return t('price.tooLow');
  const alone = first?.is === 'allowance' && others.every((one) => one.is === 'coins' && one.left === 0);
  return alone ? null : t('price.lasts', { time: aboutWords(t, price.secondsAffordable) });
}

function Choice({ media, name, price, busy, disabled, onCall }: ChoiceProps) {
  const { t } = useTranslation();
  return (
    <div className="choice">
      <div className="spread stack-tight">
        <h3>{t(media === 'video' ? 'person.video' : 'person.voice')}</h3>
        <p className="soft">{t(media === 'video' ? 'person.videoLead' : 'person.voiceLead')}</p>
        {price ? (
          <>
            <p className="price">{payHeadline(t, price)}</p>
            <p>{payWords(t, price)}.</p>
            {lastsWords(t, price) !== null && <p>{lastsWords(t, price)}</p>}
          </>
        ) : (
          <p>{t('people.noPrice')}</p>
        )}
      </div>
      <Button onClick={onCall} loading={busy === media} disabled={disabled || (busy !== null && busy !== media)}>
        {t(media === 'video' ? 'person.callVideo' : 'person.callVoice', { name })}
      </Button>
    </div>
  );
}
