/** One-tap mode: a big face for each known companion; one tap is a call. No menus. */
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { GalleryItem } from '../../worker/protocol/http/gallery.ts';
import { isProblem } from '../client/problem.ts';
import { Icon } from '../ui/call/icons.tsx';
import { controlled } from '../ui/controlled.tsx';
import { payHeadline } from '../ui/format.ts';
import { Page } from '../ui/frame.tsx';
import { ButtonLink } from '../ui/links.tsx';
import { Portrait } from '../ui/portrait.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { useSession } from '../ui/session.tsx';
import { Skeleton } from '../ui/states.tsx';
import { useGallery } from './gallery.ts';
import { Opening } from './opening.tsx';
import { usePlaceCall } from './place-call.ts';

const NoMeans = lazy(controlled(() => import('./wallet/no-means.tsx'), 'NoMeans'));

export function OneTap() {
  const { me } = useSession();
  const { t } = useTranslation();
  const { items, isPending, error, refetch } = useGallery('audio');
  // By the medium they wish for, where it is taken; else by voice.
  const video = useGallery('video').items;
  const asWished = (item: GalleryItem): GalleryItem =>
    (me.wishes.media === 'video' && video?.find(({ person }) => person.id === item.person.id)) || item;
  const { place, busy, error: refusal, forget } = usePlaceCall();
  const chosen = me.comfort.oneTap.companions
    .map((id) => items?.find(({ person }) => person.id === id))
    .filter((item): item is GalleryItem => item !== undefined)
    .map((item) => ({ ...asWished(item), by: asWished(item) === item ? ('audio' as const) : ('video' as const) }));
  const nobodyHere = items !== undefined && !chosen.some(({ available }) => available);
  return (
    <Page>
      <div className="stack one-tap">
        <h1>{t('oneTap.title', { name: me.public.displayName })}</h1>
        {isPending && <Skeleton shape="faces" count={2} />}
        {error && !items && <ProblemNote error={error} onRetry={() => void refetch()} />}
        {isProblem(refusal, 'insufficient_funds') ? (
          <Suspense fallback={<Skeleton />}>
            <NoMeans price={items?.[0]?.price ?? null} backTo="/" onNotNow={forget} />
          </Suspense>
        ) : (
          refusal !== null && <ProblemNote error={refusal} />
        )}
        <ul className="big-faces">
          {chosen.map(({ person, available, presence, price, by }) => (
            <li key={person.id}>
              <button
                type="button"
                className="big-face"
                disabled={!available || busy !== null}
                data-busy={busy?.to === person.id}
                onClick={() => void place(person.id, by)}
              >
                <Portrait name="" seed={person.portrait ?? person.displayName} size={260} />
                <span className="big-face-words">
                  <strong>
                    {available ? t(by === 'video' ? 'person.callVideo' : 'oneTap.call', { name: person.displayName }) : person.displayName}
                  </strong>
                  <span>{available ? (price ? payHeadline(t, price) : '') : t(`presence.${presence}`)}</span>
                </span>
                {available && (
                  <span className="big-face-go">
                    <Icon name={by === 'video' ? 'camera' : 'phone'} size={34} />
                  </span>
                )}
              </button>
            </li>
          ))}
        </ul>
        {nobodyHere && <Opening nobody={false} />}
        <div className="row middle">
          <ButtonLink to="/you" quiet>
            {t('oneTap.more')}
          </ButtonLink>
        </div>
      </div>
    </Page>
  );
}
