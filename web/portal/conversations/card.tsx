/** The member's card: who they are, what they can pay for, what is known and kept of them. */
import { type RefObject, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { readDeskConversation } from '../../../worker/protocol/http/desk.ts';
import type { AnswerOf } from '../../../worker/protocol/http/endpoint.ts';
import { durationWords, whenWords } from '../../ui/format.ts';
import { Portrait } from '../../ui/portrait.tsx';
import { CallButton } from '../call/call-button.tsx';
import { Known } from '../call/known.tsx';
import { Notes } from './notes.tsx';

type DeskConversation = AnswerOf<typeof readDeskConversation>;

/** How many changes of who answers stand here until more are asked for. */
const FEW = 3;

export function MemberCard({ conversation, field }: { conversation: DeskConversation; field: RefObject<HTMLTextAreaElement | null> }) {
  const { t } = useTranslation();
  const { item, moves, plan } = conversation;
  const { member } = item;
  const [all, setAll] = useState(false);
  return (
    <section className="member-card" aria-label={t('talks.card', { name: member.displayName })}>
      <div className="card-who">
        <Portrait name="" seed={member.portrait ?? member.displayName} size={64} />
        <div className="grow">
          <h2>{member.displayName}</h2>
          {plan && (
            <p className="soft">
              {plan.minutesLeft >= 1 ? t('talks.plan.left', { time: durationWords(t, plan.minutesLeft * 60) }) : t('talks.plan.none')}
            </p>
          )}
        </div>
        <CallButton userId={member.id} name={member.displayName} media="audio" />
      </div>
      <Known userId={member.id} name={member.displayName} />
      <Notes memberId={member.id} name={member.displayName} field={field} />
      {moves.length > 0 && (
        <section className="stack-tight" aria-label={t('talks.moves.title')}>
          <h3>{t('talks.moves.title')}</h3>
          <ol className="moves">
            {(all ? moves : moves.slice(0, FEW)).map(({ kind, from, to, note, at }) => (
              <li key={at}>
                <p>
                  {t(kind === 'transferred' && to === null ? 'talks.moves.queued' : `talks.moves.${kind}`, {
                    from: from?.displayName ?? '',
                    to: to?.displayName ?? '',
                  })}
                  <span className="soft"> {whenWords(at, Date.now())}</span>
                </p>
                {note && <p className="words">{t('talks.quote', { words: note })}</p>}
              </li>
            ))}
          </ol>
          {moves.length > FEW && !all && (
            <div className="kept-acts">
              <button type="button" onClick={() => setAll(true)}>
                {t('talks.moves.all')}
              </button>
            </div>
          )}
        </section>
      )}
    </section>
  );
}
