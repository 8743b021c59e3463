/** How long a member waits: in words, with a colour that says the same. */
import { useTranslation } from 'react-i18next';
import type { DeskItem } from '../../../worker/protocol/http/desk.ts';
import { durationWords } from '../../ui/format.ts';
import { waitAt } from './wait.ts';

/** Whole minutes, once there is one: seconds would only flicker. */
const calm = (seconds: number): number => (seconds < 60 ? seconds : Math.floor(seconds / 60) * 60);

/** @param now ms since the epoch, by the server's clock */
export function WaitWords({ item, now }: { item: DeskItem; now: number }) {
  const { t } = useTranslation();
  if (!item.waiting) return <span className="wait none">{t('talks.wait.none')}</span>;
  const { tone, seconds, margin } = waitAt(item.waiting, now);
  return (
    <span className={`wait ${tone}`}>
      <strong>{t(`talks.wait.${tone}`, { time: durationWords(t, calm(margin)) })}</strong>{' '}
      <span>{t('talks.wait.since', { time: durationWords(t, calm(seconds)) })}</span>
    </span>
  );
}
