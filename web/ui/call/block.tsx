/** Blocking somebody: one question, then done; it can be taken back for a while. */
import { Button, Modal, Radio, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { blockPerson, blockReason, unblockPerson } from '../../../worker/protocol/http/me.ts';
import type { UserId } from '../../../worker/protocol/ids.ts';
import { ProblemNote } from '../problem-note.tsx';
import { useSession } from '../session.tsx';
import { Icon } from './icons.tsx';

const reasons = blockReason.def.entries;
type Reason = keyof typeof reasons;
const order: readonly Reason[] = ['harassment', 'nudity', 'scam', 'spam', 'underage', 'bot', 'other'];

export function BlockButton({ userId, name, dark = false }: { userId: UserId; name: string; dark?: boolean }) {
  const { api } = useSession();
  const queries = useQueryClient();
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [blocked, setBlocked] = useState(false);
  const [reason, setReason] = useState<Reason>('other');
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  async function run(work: () => Promise<unknown>, after: boolean): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await work();
      setBlocked(after);
      setOpen(false);
      void queries.resetQueries({ queryKey: ['gallery'] });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  }

  if (blocked)
    return (
      <div className="note" role="status">
        <p className="note-text">{t('block.done', { name })}</p>
        <Button variant="default" loading={busy} onClick={() => void run(() => api.call(unblockPerson, { params: { userId } }), false)}>
          {t('block.undo')}
        </Button>
      </div>
    );
  return (
    <>
      {dark ? (
        <button type="button" className="control" onClick={() => setOpen(true)}>
          <Icon name="shield" />
          {t('block.open', { name })}
        </button>
      ) : (
        <Button variant="subtle" color="red" onClick={() => setOpen(true)}>
          {t('block.open', { name })}
        </Button>
      )}
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title={t('block.title', { name })}
        closeButtonProps={{ 'aria-label': t('close') }}
      >
        <div className="stack">
          <p>{t('block.lead')}</p>
          <Radio.Group label={t('block.why')} value={reason} onChange={(chosen) => setReason(chosen as Reason)} size="lg">
            <Stack gap="sm" mt="sm">
              {order.map((each) => (
                <Radio key={each} value={each} label={t(`block.reason.${each}`)} size="md" />
              ))}
            </Stack>
          </Radio.Group>
          {error !== null && <ProblemNote error={error} />}
          <div className="row">
            <Button
              color="red"
              loading={busy}
              onClick={() => void run(() => api.call(blockPerson, { params: { userId }, body: { reason } }), true)}
            >
              {t('block.confirm')}
            </Button>
            <Button variant="default" onClick={() => setOpen(false)}>
              {t('cancel')}
            </Button>
          </div>
        </div>
      </Modal>
    </>
  );
}
