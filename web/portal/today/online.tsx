/** Members who are online now: whom one could ring, and what stands about them. */
import { useTranslation } from 'react-i18next';
import { languageWords } from '../../ui/format.ts';
import { Portrait } from '../../ui/portrait.tsx';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { CallButton } from '../call/call-button.tsx';
import { ageWords } from '../call/known.tsx';
import { useOnline } from '../queries.ts';

export function Online() {
  const { t } = useTranslation();
  const online = useOnline();
  return (
    <section className="sheet stack-tight" aria-label={t('desk.online.title')}>
      <h2>{t('desk.online.title')}</h2>
      {online.isPending ? (
        <Waiting />
      ) : online.isError ? (
        <ProblemNote error={online.error} onRetry={() => void online.refetch()} />
      ) : online.data.items.length === 0 ? (
        <p className="soft quiet">{t('desk.online.empty')}</p>
      ) : (
        <ul className="rows">
          {online.data.items.map(({ person, presence }) => (
            <li key={person.id}>
              <div className="line wrap">
                <Portrait name="" seed={person.portrait ?? person.displayName} size={44} />
                <span className="grow">
                  <strong>{person.displayName}</strong>
                  <br />
                  <span className="soft">
                    {presence === 'in_call'
                      ? t('presence.in_call')
                      : [ageWords(t, person.ageBand), person.languages.length > 0 ? languageWords(person.languages) : null]
                          .filter((word) => word !== null)
                          .join(' · ') || t('presence.here')}
                  </span>
                </span>
                <CallButton userId={person.id} name={person.displayName} media="audio" disabled={presence === 'in_call'} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
