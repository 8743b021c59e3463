/** What is worth keeping of a call: half a minute of writing, or none. */
import { Textarea, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type WrapUp as Kept, readAfterCall, wrapUpCall, wrapUpFlag } from '../../../worker/protocol/http/after-call.ts';
import type { CallId } from '../../../worker/protocol/ids.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { Caps, useShortcut } from '../keys/keys.tsx';
import { dropDraft, keepDraft, readDraft } from './draft.tsx';

const flags = Object.values(wrapUpFlag.def.entries);
type Flag = (typeof flags)[number];
const TRIES = 8;

/** @param onSkip for the moment right after the call; without it the form merely stands there */
export function WrapUp({ callId, name, onSkip }: { callId: CallId; name: string; onSkip?: () => void }) {
  const { api } = useSession();
  const after = useQuery({
    queryKey: ['after', callId],
    queryFn: () => api.call(readAfterCall, { params: { id: callId } }),
    // Right after the end the server may still be writing the call down.
    refetchInterval: ({ state }) => (onSkip && state.data && !state.data.open && state.dataUpdateCount < TRIES ? 1_000 : false),
  });
  const [changing, setChanging] = useState(false);
  if (after.isPending) return <Waiting />;
  if (after.isError) return <ProblemNote error={after.error} onRetry={() => void after.refetch()} />;
  const { wrapUp, open } = after.data;
  if (wrapUp && !changing) return <KeptNote kept={wrapUp} {...(open ? { onChange: () => setChanging(true) } : {})} />;
  if (!open) return null;
  return (
    <Form
      key={wrapUp?.at ?? 'new'}
      callId={callId}
      name={name}
      kept={wrapUp}
      onKept={() => setChanging(false)}
      {...(onSkip ? { onSkip } : {})}
    />
  );
}

function KeptNote({ kept, onChange }: { kept: Kept; onChange?: () => void }) {
  const { t } = useTranslation();
  return (
    <section className="sheet stack-tight" aria-label={t('desk.wrap.kept')}>
      <h2>{t('desk.wrap.kept')}</h2>
      {kept.note && <p className="written">{kept.note}</p>}
      {kept.followUp && (
        <p>
          <strong>{t('desk.known.followUp')}:</strong> {kept.followUp}
        </p>
      )}
      {kept.flag && (
        <p>
          <strong>{t('desk.known.flag')}:</strong> {t(`desk.wrap.flags.${kept.flag}`)}
        </p>
      )}
      {onChange && (
        <div>
          <Button size="md" variant="default" onClick={onChange}>
            {t('desk.wrap.change')}
          </Button>
        </div>
      )}
    </section>
  );
}

function Form({
  callId,
  name,
  kept,
  onKept,
  onSkip,
}: {
  callId: CallId;
  name: string;
  kept: Kept | null;
  onKept: () => void;
  onSkip?: () => void;
}) {
  const { api } = useSession();
  const queries = useQueryClient();
  const { t } = useTranslation();
  const [draft] = useState(() => readDraft(callId));
  const [note, setNote] = useState(draft?.note ?? kept?.note ?? '');
  const [followUp, setFollowUp] = useState(draft?.followUp ?? kept?.followUp ?? '');
  const [flag, setFlag] = useState<Flag | null>(kept?.flag ?? null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const something = note.trim() !== '' || followUp.trim() !== '' || flag !== null;

  useEffect(() => {
    if (note !== '' || followUp !== '') keepDraft(callId, { note, followUp });
  }, [callId, note, followUp]);

  const keep = async (): Promise<void> => {
    if (busy) return;
    if (!something) {
      field.current?.focus();
      return;
    }
    setBusy(true);
    setError(null);
    try {
      const { wrapUp } = await api.call(wrapUpCall, {
        params: { id: callId },
        body: {
          ...(note.trim() === '' ? {} : { note }),
          ...(followUp.trim() === '' ? {} : { followUp }),
          ...(flag === null ? {} : { flag }),
        },
      });
      dropDraft(callId);
      queries.setQueryData(['after', callId], { rating: null, complaint: null, open: true, wrapUp });
      void queries.invalidateQueries({ queryKey: ['known'] });
      onKept();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  useShortcut('keep', () => void keep());
  useShortcut('note', () => field.current?.focus());
  useShortcut('skip', () => onSkip?.(), onSkip !== undefined);
  return (
    <section className="sheet stack-tight" aria-label={t('desk.wrap.title', { name })}>
      <h2>{t('desk.wrap.title', { name })}</h2>
      <p className="soft">{t('desk.wrap.lead')}</p>
      <Textarea
        ref={field}
        size="md"
        label={t('desk.wrap.note')}
        rows={3}
        maxLength={2000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <TextInput
        size="md"
        label={t('desk.wrap.followUp')}
        description={t('desk.wrap.followUpHint')}
        maxLength={500}
        value={followUp}
        onChange={(event) => setFollowUp(event.currentTarget.value)}
      />
      <fieldset className="flags">
        <legend>{t('desk.wrap.flag')}</legend>
        {flags.map((each) => (
          <button
            key={each}
            type="button"
            className="chip"
            aria-pressed={flag === each}
            onClick={() => setFlag(flag === each ? null : each)}
          >
            {t(`desk.wrap.flags.${each}`)}
          </button>
        ))}
      </fieldset>
      {flag !== null && <p className="soft">{t('desk.wrap.flagLead')}</p>}
      {error !== null && <ProblemNote error={error} />}
      <div className="row">
        <Button size="md" loading={busy} onClick={() => void keep()}>
          {t('desk.wrap.keep')}
          <Caps id="keep" />
        </Button>
        {onSkip && (
          <Button size="md" variant="default" onClick={onSkip}>
            {t('desk.wrap.skip')}
            <Caps id="skip" />
          </Button>
        )}
      </div>
    </section>
  );
}
