/** A question before something is done: what it will do, a reason where one is due, and the way back first. */
import { Modal } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../words.ts';

export interface DialogProps {
  readonly title: string;
  readonly confirm: string;
  readonly danger?: boolean;
  /** False while something is missing. */
  readonly ready?: boolean;
  /** Closes on success; what it throws is shown and the dialog stays. */
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function Dialog({ title, confirm, danger = false, ready = true, onConfirm, onClose, children }: DialogProps) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!ready || busy) return;
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      onClose();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('close') }} size="lg">
      <form className="stack-tight" onSubmit={(event) => void submit(event)}>
        {children}
        {error !== null && <ProblemNote error={error} />}
        <div className="line-end">
          <button type="button" className="act" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" className={danger ? 'act stop' : 'act go'} disabled={!ready || busy}>
            {confirm}
          </button>
        </div>
      </form>
    </Modal>
  );
}

/** Letters a reason may have. */
export const MOST_REASON = 500;

const LEAST_REASON = 3;

interface ReasonProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Letters it needs. */
  readonly least?: number;
}

/** The reason that goes into the audit. */
export function Reason({ value, onChange, least = LEAST_REASON }: ReasonProps) {
  const { t } = useWords();
  return (
    <label className="entry">
      <span>{t('reason.label')}</span>
      <textarea
        className="field"
        rows={2}
        maxLength={MOST_REASON}
        required
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <span className="soft">{t('reason.lead', { least })}</span>
    </label>
  );
}
export const isReason = (text: string, least = LEAST_REASON): boolean => text.trim().length >= least;
