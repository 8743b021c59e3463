/** Where somebody is signed in, how their sign-ins went, and the way to end them. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { revokeSessionsOf, type WholePerson } from '../../../../worker/protocol/http/staff-people.ts';
import type { SessionId } from '../../../../worker/protocol/ids.ts';
import { useSession } from '../../../ui/session.tsx';
import { Across } from '../../desk/across.tsx';
import { Dialog, isReason, Reason } from '../../desk/dialog.tsx';
import { When } from '../../desk/words.tsx';
import { useWords, wordFor } from '../../words.ts';

export function Sessions({ person }: { person: WholePerson }) {
  const { me } = useSession();
  const { t } = useWords();
  const [ending, setEnding] = useState<{ sessionId?: SessionId } | null>(null);
  const [said, setSaid] = useState('');
  const may = me.permissions.includes('people.sign_out');
  return (
    <div className="stack">
      <section className="stack-tight" aria-labelledby="devices">
        <div className="head">
          <h2 id="devices">{t('sessions.devices')}</h2>
          {may && person.sessions.length > 0 && (
            <button type="button" className="act stop" onClick={() => setEnding({})}>
              {t('sessions.all')}
            </button>
          )}
        </div>
        <p role="status" className="said">
          {said}
        </p>
        {person.sessions.length === 0 ? (
          <p className="soft">{t('sessions.none')}</p>
        ) : (
          <Across label={t('sessions.devices')}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('sessions.device')}</th>
                  <th scope="col">{t('sessions.app')}</th>
                  <th scope="col">{t('sessions.since')}</th>
                  <th scope="col">{t('sessions.seen')}</th>
                  {may && <th scope="col">{t('actions')}</th>}
                </tr>
              </thead>
              <tbody>
                {person.sessions.map((session) => (
                  <tr key={session.id}>
                    <td>
                      {session.device ?? t('sessions.unnamed')} <span className="soft mono">{session.id}</span>
                    </td>
                    <td>{session.app ?? '–'}</td>
                    <td>
                      <When at={session.createdAt} />
                    </td>
                    <td>
                      <When at={session.lastSeenAt} />
                    </td>
                    {may && (
                      <td>
                        <button type="button" className="act" onClick={() => setEnding({ sessionId: session.id })}>
                          {t('sessions.end')}
                        </button>
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </Across>
        )}
      </section>
      <section className="stack-tight" aria-labelledby="attempts">
        <h2 id="attempts">{t('sessions.attempts')}</h2>
        {person.attempts.length === 0 ? (
          <p className="soft">{t('sessions.noAttempts')}</p>
        ) : (
          <Across label={t('sessions.attempts')}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('money.when')}</th>
                  <th scope="col">{t('sessions.method')}</th>
                  <th scope="col">{t('sessions.result')}</th>
                  <th scope="col">{t('sessions.country')}</th>
                </tr>
              </thead>
              <tbody>
                {person.attempts.map((attempt, n) => (
                  <tr key={n}>
                    <td>
                      <When at={attempt.at} />
                    </td>
                    <td>{wordFor(t, `method.${attempt.method}`, attempt.method)}</td>
                    <td>{wordFor(t, `attempt.${attempt.result}`, attempt.result)}</td>
                    <td>{attempt.country ?? '–'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Across>
        )}
      </section>
      {ending && <SignOut person={person} {...ending} onClose={() => setEnding(null)} onDone={setSaid} />}
    </div>
  );
}

function SignOut(props: { person: WholePerson; sessionId?: SessionId; onClose: () => void; onDone: (said: string) => void }) {
  const { person, sessionId, onClose, onDone } = props;
  const { api } = useSession();
  const { t } = useWords();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  return (
    <Dialog
      title={t(sessionId ? 'sessions.endTitle' : 'sessions.allTitle', { name: person.public.displayName || person.id })}
      confirm={t(sessionId ? 'sessions.end' : 'sessions.all')}
      danger
      ready={isReason(reason)}
      onClose={onClose}
      onConfirm={async () => {
        const body = { reason, ...(sessionId ? { sessionId } : {}) };
        const { signedOut } = await api.call(revokeSessionsOf, { params: { id: person.id }, body });
        onDone(t('sessions.done', { count: signedOut }));
        await queries.invalidateQueries({ queryKey: ['person', person.id] });
      }}
    >
      <p>{t('sessions.lead', { count: sessionId ? 1 : person.sessions.length })}</p>
      <Reason value={reason} onChange={setReason} />
    </Dialog>
  );
}
