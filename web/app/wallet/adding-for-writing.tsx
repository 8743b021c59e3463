/** Adding in a conversation whose next message can't be paid: the conversation stays, with what was written in it. */
import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ChatId } from '../../../worker/protocol/ids.ts';
import { Button } from '../../ui/button.tsx';
import { useUsualPrice } from '../gallery.ts';
import { Paywall } from './paywall.tsx';
import { shopWords } from './words.ts';

await shopWords;

export function AddingForWriting({ chatId, title, onClose }: { chatId: ChatId; title: string; onClose: () => void }) {
  const { t } = useTranslation();
  const price = useUsualPrice();
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('close') }}>
      <Paywall
        placement="balance_low"
        price={price}
        backTo={`/chats/${chatId}`}
        writing
        untitled
        notNow={
          <Button variant="default" fullWidth onClick={onClose}>
            {t('shop.paywall.backToChat')}
          </Button>
        }
      />
    </Modal>
  );
}
