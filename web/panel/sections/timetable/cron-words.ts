/** Cron expressions as people say them, in the panel's languages. Loaded with this section only. */
import cronstrue from 'cronstrue';
import 'cronstrue/locales/de';

/** "Every 5 minutes"; null where it says nothing that can be put into words. */
export function cronWords(cron: string, language: string): string | null {
  try {
    return cronstrue.toString(cron, { locale: language, use24HourTimeFormat: true, throwExceptionOnParseError: true });
  } catch {
    return null;
  }
}
