import type { TimetableJob } from '../../../../worker/protocol/http/timetable.ts';
import { Dialog } from '../../desk/dialog.tsx';
import { useWords } from '../../words.ts';
import { jobWords } from './words.ts';

/** What stops is said before it does. */
export function SwitchOff({ job, onConfirm, onClose }: { job: TimetableJob; onConfirm: () => Promise<void>; onClose: () => void }) {
  const { t } = useWords();
  return (
    <Dialog
      title={t('timetable.offTitle', { name: job.name })}
      confirm={t('timetable.switchOff')}
      danger
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <p>{t('timetable.offLead')}</p>
      <blockquote>{jobWords(t, job.name)}</blockquote>
      <p>{t('timetable.offThen')}</p>
    </Dialog>
  );
}
