/** What is known of a member, as a companion needs it before the first word: short, and nothing that was not given. */
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { UserId } from '../../../worker/protocol/ids.ts';
import { comingWords, durationWords, languageWords } from '../../ui/format.ts';
import { topicWords } from '../../ui/topics.ts';
import { useNow } from '../../ui/use-store.ts';
import { useKnown, useListed } from '../queries.ts';

export const ageWords = (t: TFunction, band: string | null): string | null =>
  band === null ? null : t('desk.known.age', { band: band.replace('-', '–') });

export function Known({ userId, name }: { userId: UserId; name: string }) {
  const { t } = useTranslation();
  const listed = useListed(userId);
  const { data, isError } = useKnown(userId);
  const now = useNow(60_000);
  const person = data?.person.person ?? listed?.person ?? null;
  const known = data?.known ?? null;
  const wrapUp = known?.lastWrapUp ?? null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard
    <section className="known" aria-label={t('desk.known.title', { name })} data-testid="known" tabIndex={0}>
      <p className="known-first">
        <strong>
          {data
            ? known
              ? t('desk.known.talks', { count: known.talks, time: durationWords(t, known.connectedMs / 1000) })
              : t('desk.known.new')
            : isError
              ? t('desk.known.unread')
              : '…'}
        </strong>
      </p>
      <dl>
        {person?.pronunciation && <Fact name={t('pronunciation.fact')} value={person.pronunciation} written />}
        {wrapUp?.note && <Fact name={t('desk.known.note')} value={wrapUp.note} written />}
        {wrapUp?.followUp && <Fact name={t('desk.known.followUp')} value={wrapUp.followUp} written />}
        {wrapUp?.flag && <Fact name={t('desk.known.flag')} value={t(`desk.wrap.flags.${wrapUp.flag}`)} written />}
        {person?.ageBand && <Fact name={t('desk.known.ageName')} value={ageWords(t, person.ageBand) ?? ''} />}
        {person && person.languages.length > 0 && <Fact name={t('desk.known.languages')} value={languageWords(person.languages)} />}
        {person && person.skills.length > 0 && (
          <Fact name={t('desk.known.topics')} value={person.skills.map((topic) => topicWords(t, topic)).join(' · ')} />
        )}
        {person?.about && <Fact name={t('desk.known.about')} value={person.about} />}
        {known && known.lastTalks.length > 0 && (
          <div className="side-by-side">
            <dt>{t('desk.known.last')}</dt>
            {known.lastTalks.map(({ callId, at, connectedMs }) => (
              <dd key={callId}>
                {comingWords(t, at, now)} · {durationWords(t, connectedMs / 1000)}
              </dd>
            ))}
          </div>
        )}
      </dl>
    </section>
  );
}

/** @param written by the companion's own hand, for this moment */
function Fact({ name, value, written = false }: { name: string; value: string; written?: boolean }) {
  return (
    <div className={written ? 'written-down' : 'side-by-side'}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
