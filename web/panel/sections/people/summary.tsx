import { Link } from '@tanstack/react-router';
import type { WholePerson } from '../../../../worker/protocol/http/staff-people.ts';
import { languageWords } from '../../../ui/format.ts';
import { useSession } from '../../../ui/session.tsx';
import { Card, Line } from '../../desk/card.tsx';
import { figure, PersonLink, When } from '../../desk/words.tsx';
import { useWords, wordFor } from '../../words.ts';
import { MailHolds } from './mail-holds.tsx';

/** What one needs to know of a person at a glance. */
export function Summary({ person }: { person: WholePerson }) {
  const { me } = useSession();
  const { t } = useWords();
  const { public: open, private: closed, work, blocks } = person;
  return (
    <div className="cards">
      <Card title={t('summary.who')}>
        <Line name={t('people.name')}>{open.displayName}</Line>
        <Line name={t('people.role')}>{t(`role.${person.role}`)}</Line>
        {person.role === 'member' && <Line name={t('people.model')}>{t(`model.${person.monetizationVersion}`)}</Line>}
        <Line name={t('people.since')}>
          <When at={person.createdAt} />
        </Line>
        <Line name={t('summary.presence')}>
          {t(`presence.${person.presence}`)} {person.presenceSince && <When at={person.presenceSince} />}
        </Line>
        {person.busyWith && (
          <Line name={t('summary.busy')}>
            <Link to="/calls/$id" params={{ id: person.busyWith }}>
              {t('calls.open')}
            </Link>
          </Line>
        )}
      </Card>
      <Card title={t('summary.contact')}>
        {closed ? (
          <>
            <Line name={t('people.email')}>{closed.email}</Line>
            <Line name={t('people.phone')}>{closed.phone}</Line>
            <Line name={t('summary.birthDate')}>{closed.birthDate}</Line>
            <Line name={t('summary.timeZone')}>{closed.timeZone}</Line>
          </>
        ) : (
          <p className="soft">{t('summary.hidden')}</p>
        )}
      </Card>
      {me.permissions.includes('notification.read') && <MailHolds person={person} />}
      <Card title={t('summary.shown')}>
        <Line name={t('summary.about')}>{open.about}</Line>
        <Line name={t('summary.languages')}>{open.languages.length > 0 && languageWords(open.languages)}</Line>
        <Line name={t('summary.skills')}>{open.skills.join(', ')}</Line>
        <Line name={t('summary.gender')}>{open.gender && wordFor(t, `gender.${open.gender}`, open.gender)}</Line>
        <Line name={t('summary.ageBand')}>{open.ageBand}</Line>
      </Card>
      <Card title={t('summary.balances')}>
        {person.balances.length === 0 && <p className="soft">{t('money.none')}</p>}
        {person.balances.map(({ unit, amount, debt }) => (
          <Line key={unit} name={t(`unit.${unit}`)}>
            <span className="figures">{figure(amount)}</span> {debt < 0 && <strong>{t('money.owes', { amount: figure(-debt) })}</strong>}
          </Line>
        ))}
      </Card>
      {work && (
        <Card title={t('summary.work')}>
          <Line name={t('summary.shift')}>
            {work.shift ? (
              <>
                {t(work.shift.endedAt ? 'summary.shiftEnded' : 'summary.shiftOpen')}{' '}
                <When at={work.shift.endedAt ?? work.shift.startedAt} />
              </>
            ) : (
              t('summary.shiftNever')
            )}
          </Line>
          <Line name={t('calls.medium')}>{work.media.map((medium) => t(`medium.${medium}`)).join(', ')}</Line>
          <Line name={t('summary.tier')}>{wordFor(t, `tier.${work.tier}`, work.tier)}</Line>
        </Card>
      )}
      <Card title={t('summary.blocks')}>
        {(['made', 'received'] as const).map((way) => (
          <Line key={way} name={t(`summary.${way}`)}>
            {blocks[way].length === 0
              ? t('summary.noBlocks')
              : blocks[way].map((block) => (
                  <span key={block.userId} className="block-line">
                    <PersonLink id={block.userId} name={block.displayName} /> <span className="soft">{t(`block.${block.reason}`)}</span>
                  </span>
                ))}
          </Line>
        ))}
      </Card>
    </div>
  );
}
