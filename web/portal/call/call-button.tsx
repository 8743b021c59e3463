/** Ringing a member: one press, one call, whatever happens in between. */
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallMedia } from '../../../worker/protocol/call/call.ts';
import type { UserId } from '../../../worker/protocol/ids.ts';
import { newKey } from '../../client/api.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';

export interface CallButtonProps {
  readonly userId: UserId;
  readonly name: string;
  readonly media: CallMedia;
  readonly words?: string;
  readonly quiet?: boolean;
  readonly disabled?: boolean;
}

export function CallButton({ userId, name, media, words, quiet = true, disabled = false }: CallButtonProps) {
  const { live } = useSession();
  const { t } = useTranslation();
  const go = useNavigate();
  const [key, setKey] = useState(newKey);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const call = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const talk = await live.place(userId, media, key);
      void go({ to: '/call/$id', params: { id: talk.view.get().callId } });
    } catch (thrown) {
      setError(thrown);
    } finally {
      // The wish is done, or refused for good; the next press is a new one.
      setKey(newKey());
      setBusy(false);
    }
  };
  return (
    <>
      <Button
        size="md"
        variant={quiet ? 'default' : 'filled'}
        loading={busy}
        disabled={disabled}
        aria-label={words ?? t('desk.call.ring', { name })}
        onClick={() => void call()}
      >
        {words ?? t('desk.call.ringShort')}
      </Button>
      {error !== null && <ProblemNote error={error} />}
    </>
  );
}
