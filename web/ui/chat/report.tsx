/** Telling the team that something is wrong: one tap opens the reasons, the second sends. */
import { Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../../worker/protocol/chat/message.ts';
import { type ReportReason, reportChat } from '../../../worker/protocol/http/chats.ts';
import type { ChatId } from '../../../worker/protocol/ids.ts';
import { Button } from '../button.tsx';
import { ProblemNote } from '../problem-note.tsx';
import { useSession } from '../session.tsx';
import { ChatIcon } from './icons.tsx';

const reasons: readonly ReportReason[] = ['harassment', 'nudity', 'asked_for_money', 'spam', 'underage', 'bot', 'other'];

export interface ReportProps {
  readonly chatId: ChatId;
  readonly name: string;
  /** Null: about the conversation. */
  readonly message: Message | null;
  readonly onClose: () => void;
  /** What else one may want to do, once it was sent. */
  readonly children?: ReactNode;
}

export function Report({ chatId, name, message, onClose, children }: ReportProps) {
  const { api } = useSession();
  const { t } = useTranslation();
  const [busy, setBusy] = useState<ReportReason | null>(null);
  const [done, setDone] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function send(reason: ReportReason): Promise<void> {
    setBusy(reason);
    setError(null);
    try {
      await api.call(reportChat, { params: { id: chatId }, body: { reason, ...(message ? { messageId: message.id } : {}) } });
      setDone(true);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(null);
    }
  }

  return (
    <Modal opened onClose={onClose} title={t('chat.reportTitle')} closeButtonProps={{ 'aria-label': t('close') }}>
      {done ? (
        <div className="stack">
          <p role="status">
            <strong>{t('chat.reported')}</strong>
          </p>
          {children && <p>{t('chat.reportedBlock', { name })}</p>}
          {children}
          <Button variant="default" onClick={onClose}>
            {t('close')}
          </Button>
        </div>
      ) : (
        <div className="stack">
          <p>{t('chat.reportLead', { name })}</p>
          <div className="acts">
            {reasons.map((reason) => (
              <button key={reason} type="button" disabled={busy !== null} aria-busy={busy === reason} onClick={() => void send(reason)}>
                <ChatIcon name="flag" />
                {t(`chat.reportReason.${reason}`)}
              </button>
            ))}
          </div>
          {error !== null && <ProblemNote error={error} />}
        </div>
      )}
    </Modal>
  );
}
