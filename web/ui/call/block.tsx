/** Blocking somebody: one question, then done; it can be taken back for a while. */
import { Modal, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BlockReason } from '../../../worker/protocol/http/me.ts';
import type { UserId } from '../../../worker/protocol/ids.ts';
import { Button } from '../button.tsx';
import { ProblemNote } from '../problem-note.tsx';
import { useSession } from '../session.tsx';
import { useStore } from '../use-store.ts';
import { Icon } from './icons.tsx';

const order: readonly BlockReason[] = ['harassment', 'nudity', 'scam', 'spam', 'underage', 'bot', 'other'];

export function BlockButton({ userId, name, dark = false }: { userId: UserId; name: string; dark?: boolean }) {
  const { undos } = useSession();
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState<BlockReason>('other');
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const last = useStore(undos.notes).findLast(({ act }) => 'userId' in act && act.userId === userId);

  async function block(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await undos.do({ kind: 'block', userId, name, reason });
      setOpen(false);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  }

  // What stands in the note about them need not be asked here again.
  if (last && (last.act.kind === 'block') === (last.state !== 'undone')) return null;
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
          <Radio.Group label={t('block.why')} value={reason} onChange={(chosen) => setReason(chosen as BlockReason)} size="lg">
            <Stack gap="sm" mt="sm">
              {order.map((each) => (
                <Radio key={each} value={each} label={t(`block.reason.${each}`)} size="md" />
              ))}
            </Stack>
          </Radio.Group>
          {error !== null && <ProblemNote error={error} />}
          <div className="row">
            <Button color="red" loading={busy} onClick={() => void block()}>
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
