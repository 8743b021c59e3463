/** At night, or with nobody here: who comes when. Never a dead end. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { readOpening } from '../../worker/protocol/http/gallery.ts';
import { comingWords, timeWords } from '../ui/format.ts';
import { ButtonLink, LineLink } from '../ui/links.tsx';
import { Portrait } from '../ui/portrait.tsx';
import { useSession } from '../ui/session.tsx';
import { Picture, Skeleton } from '../ui/states.tsx';
import { useNow } from '../ui/use-store.ts';

const SHOWN = 5;

/** @param nobody true where not a single companion is known yet */
export function Opening({ nobody }: { nobody: boolean }) {
  const { api } = useSession();
  const { t } = useTranslation();
  const now = useNow(60_000);
  const opening = useQuery({ queryKey: ['opening'], queryFn: () => api.call(readOpening), refetchInterval: 300_000 });
  const next = opening.data?.next ?? null;
  return (
    <section className="sheet empty" aria-label={t('opening.title')}>
      <Picture name="night" />
      <h2>{t(nobody ? 'people.emptyTitle' : 'opening.title')}</h2>
      {opening.isPending ? (
        <Skeleton />
      ) : next ? (
        <>
          <p className="lead-line">{t('opening.next', { name: next.person.displayName, when: comingWords(t, next.at, now) })}</p>
          <ul className="rows start">
            {opening.data?.openings.slice(0, SHOWN).map(({ at, until, person }) => (
              <li key={`${person.id} ${at}`}>
                <LineLink to="/people/$id" params={{ id: person.id }}>
                  <Portrait name="" seed={person.portrait ?? person.displayName} size={56} />
                  <span className="grow">
                    <strong>{person.displayName}</strong>
                    <br />
                    <span className="soft">{t('opening.from', { when: comingWords(t, at, now), until: timeWords(until) })}</span>
                  </span>
                </LineLink>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p>{t('people.empty')}</p>
      )}
      <p className="soft">{t('opening.stay')}</p>
      <div className="row middle">
        <ButtonLink to="/calls" quiet>
          {t('nav.calls')}
        </ButtonLink>
        <ButtonLink to="/help" quiet>
          {t('nav.help')}
        </ButtonLink>
      </div>
    </section>
  );
}
