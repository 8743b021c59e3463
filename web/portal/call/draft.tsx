/** A note written during the call waits in this tab for the wrap-up; nothing is lost on a reload. */
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallId } from '../../../worker/protocol/ids.ts';
import { Caps, useShortcut } from '../keys/keys.tsx';

export interface Draft {
  readonly note: string;
  readonly followUp: string;
}

const keyOf = (callId: CallId): string => `hearthline.wrap.${callId}`;
const EMPTY: Draft = { note: '', followUp: '' };

export function readDraft(callId: CallId): Draft | null {
  const kept = sessionStorage.getItem(keyOf(callId));
  if (kept === null) return null;
  try {
    return { ...EMPTY, ...(JSON.parse(kept) as Partial<Draft>) };
  } catch {
    return null;
  }
}

export const keepDraft = (callId: CallId, draft: Draft): void => sessionStorage.setItem(keyOf(callId), JSON.stringify(draft));
export const dropDraft = (callId: CallId): void => sessionStorage.removeItem(keyOf(callId));

export function DraftNote({ callId }: { callId: CallId }) {
  const { t } = useTranslation();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [draft, setDraft] = useState(() => readDraft(callId) ?? EMPTY);
  useShortcut('note', () => field.current?.focus());
  useEffect(() => {
    if (draft.note !== '') keepDraft(callId, draft);
  }, [callId, draft]);
  return (
    <div className="draft">
      <label htmlFor={id}>
        {t('desk.wrap.during')} <Caps id="note" />
      </label>
      <textarea
        id={id}
        ref={field}
        rows={3}
        maxLength={2000}
        value={draft.note}
        placeholder={t('desk.wrap.duringHint')}
        onChange={(event) => setDraft({ ...draft, note: event.currentTarget.value })}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
    </div>
  );
}
