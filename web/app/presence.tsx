import { useTranslation } from 'react-i18next';
import type { PresenceState } from '../../worker/protocol/people.ts';

/** Whether somebody is there: by word and by colour. */
export function Presence({ presence, available }: { presence: PresenceState; available: boolean }) {
  const { t } = useTranslation();
  return <span className={available ? 'presence here' : 'presence'}>{t(`presence.${available ? 'here' : presence}`)}</span>;
}
