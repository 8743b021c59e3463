/** Moments in words, as a person says them where they live: “today at 3:10 PM”, “on Tuesday, 3 March at 3:10 PM”. */
import { addDays, dateAt } from '../../../platform/local-time.ts';
import type { AppLanguage } from '../../../protocol/http/comfort.ts';

const phrases: Readonly<Record<AppLanguage, { locale: string; today: string; yesterday: string; on: string; at: string; after: string }>> =
  {
    en: { locale: 'en-US', today: 'today', yesterday: 'yesterday', on: 'on', at: 'at', after: '' },
    de: { locale: 'de-DE', today: 'heute', yesterday: 'gestern', on: 'am', at: 'um', after: ' Uhr' },
  };

/**
 * @param ms since the epoch
 * @param where the reader lives; UTC is named, because it stands for people whose time zone nobody knows
 */
export function momentWords(ms: number, where: { language: AppLanguage; timeZone: string; now: number }): string {
  const { language, timeZone, now } = where;
  const { locale, today, yesterday, on, at, after } = phrases[language];
  const said = (parts: Intl.DateTimeFormatOptions): string =>
    // The space before AM and PM is a narrow one in newer tables, which old phones draw as a box.
    new Intl.DateTimeFormat(locale, { timeZone, ...parts }).format(ms).replaceAll(' ', ' ');
  const [then, here] = [dateAt(ms, timeZone), dateAt(now, timeZone)];
  const day =
    then === here
      ? today
      : then === addDays(here, -1)
        ? yesterday
        : `${on} ${said(then > addDays(here, -6) && then < here ? { weekday: 'long' } : { weekday: 'long', day: 'numeric', month: 'long' })}`;
  const zone = timeZone === 'UTC' ? ' UTC' : '';
  return `${day} ${at} ${said({ hour: 'numeric', minute: '2-digit' })}${after}${zone}`;
}
