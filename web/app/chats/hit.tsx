/** A message that was found or kept: who, when, what; a tap leads to it in its conversation. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../../worker/protocol/chat/message.ts';
import type { ChatId } from '../../../worker/protocol/ids.ts';
import type { PersonCard } from '../../../worker/protocol/people.ts';
import { listWhen, messageWords, senderWords } from '../../ui/chat/said.ts';
import { Portrait } from '../../ui/portrait.tsx';
import { useSession } from '../../ui/session.tsx';
import { useNow } from '../../ui/use-store.ts';

export function Hit({ chatId, peer, message }: { chatId: ChatId; peer: PersonCard; message: Message }) {
  const { t } = useTranslation();
  const { me } = useSession();
  const now = useNow(60_000);
  return (
    <Link to="/chats/$id" params={{ id: chatId }} search={{ at: message.seq }} className="line">
      <Portrait name="" seed={peer.portrait ?? peer.displayName} size={56} />
      <span className="grow">
        <span className="soft">
          {message.sender === me.id ? `${t('chat.you')} → ${peer.displayName}` : senderWords(t, message.sender, me.id, peer)},{' '}
          {listWhen(t, message.at, now)}
        </span>
        <br />
        {messageWords(t, message)}
      </span>
    </Link>
  );
}
