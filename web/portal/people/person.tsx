/** One member, as a link leads to them: who they are, what is known of them, and ringing them. */
import { useTranslation } from 'react-i18next';
import type { UserId } from '../../../worker/protocol/ids.ts';
import { isProblem } from '../../client/problem.ts';
import { Page } from '../../ui/frame.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Portrait } from '../../ui/portrait.tsx';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { CallButton } from '../call/call-button.tsx';
import { Known } from '../call/known.tsx';
import { useKnown } from '../queries.ts';

export function PersonPage({ userId }: { userId: UserId }) {
  const { t } = useTranslation();
  const known = useKnown(userId);
  const person = known.data?.person.person;
  return (
    <Page>
      <div className="narrow stack">
        {known.isPending ? (
          <Waiting />
        ) : !person ? (
          <section className="sheet stack">
            {isProblem(known.error, 'not_found') ? (
              <h1>{t('desk.person.gone')}</h1>
            ) : (
              <ProblemNote error={known.error} onRetry={() => void known.refetch()} />
            )}
            <div>
              <ButtonLink to="/">{t('ended.toToday')}</ButtonLink>
            </div>
          </section>
        ) : (
          <section className="sheet stack">
            <div className="row">
              <Portrait name="" seed={person.portrait ?? person.displayName} size={88} />
              <h1>{person.displayName}</h1>
            </div>
            <Known userId={userId} name={person.displayName} />
            <div className="row">
              <CallButton
                userId={userId}
                name={person.displayName}
                media="audio"
                quiet={false}
                words={t('desk.call.ring', { name: person.displayName })}
              />
              <ButtonLink to="/calls" quiet>
                {t('nav.calls')}
              </ButtonLink>
            </div>
          </section>
        )}
      </div>
    </Page>
  );
}
