/** What the house says in a conversation: calls with what they came to, gifts, things done together, changes. */
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../../worker/protocol/chat/message.ts';
import { Button } from '../button.tsx';
import { Icon } from '../call/icons.tsx';
import { amountsWords, durationWords, timeWords } from '../format.ts';
import { useConversing } from './context.ts';
import { ChatIcon } from './icons.tsx';
import en from './locales/en.json';
import { Reactions } from './reactions.tsx';

export type HouseMessage = Extract<Message, { kind: 'call' | 'gift' | 'activity' | 'system' }>;
export const isHouse = (message: Message): message is HouseMessage => ['call', 'gift', 'activity', 'system'].includes(message.kind);

export function Card({ message }: { message: HouseMessage }) {
  const { t } = useTranslation();
  const { me, peer } = useConversing();
  if (message.body === null) return <p className="card-line">{t('chat.deletedByHouse')}</p>;
  if (message.kind === 'call') return <CallCard message={message} body={message.body} />;
  if (message.kind === 'system')
    return (
      <p className="card-line">
        {systemWords(t, message.body, peer.displayName)} · {timeWords(message.at)}
      </p>
    );
  return (
    <div className="card">
      <p className="card-title">
        <ChatIcon name={message.kind === 'gift' ? 'gift' : 'game'} size={30} />
        <strong>
          {message.kind === 'activity'
            ? t('chat.activity', { name: message.body.name })
            : t(message.sender === me ? 'chat.giftYou' : 'chat.gift', { name: message.body.name })}
        </strong>
      </p>
      <p className="soft">{timeWords(message.at)}</p>
      <Reactions message={message} me={me} name={peer.displayName} />
    </div>
  );
}

type What = keyof typeof en.chat.system;
type SystemBody = NonNullable<Extract<HouseMessage, { kind: 'system' }>['body']>;
/** Its detail names somebody, where it is about them. */
const systemWords = (t: TFunction, { what, detail }: SystemBody, peer: string): string =>
  t(`chat.system.${what in en.chat.system ? (what as What) : 'other'}`, { name: detail.name || t('chat.colleague', { name: peer }) });

type CallMessage = Extract<HouseMessage, { kind: 'call' }>;

function CallCard({ message, body }: { message: CallMessage; body: NonNullable<CallMessage['body']> }) {
  const { t } = useTranslation();
  const { me, peer, onCall } = useConversing();
  const name = peer.displayName;
  const mine = body.callerId === me;
  const talked = body.connectedMs > 0;
  const gone = !talked && !mine;
  return (
    <div className={gone ? 'card gone' : 'card'}>
      <p className="card-title">
        <Icon name={gone ? 'missed' : body.media === 'video' ? 'camera' : 'phone'} size={28} />
        <strong>{talked ? t(`chat.call.${body.media}`) : unansweredWords(t, body, mine, name)}</strong>
      </p>
      <p className="soft">
        {timeWords(message.at)}
        {talked && ` · ${t('chat.call.lasted', { time: durationWords(t, body.connectedMs / 1000) })}`}
      </p>
      {talked && <p>{costWords(t, body, me)}</p>}
      {onCall && (
        <Button
          variant="default"
          leftSection={<Icon name={body.media === 'video' ? 'camera' : 'phone'} size={24} />}
          onClick={() => onCall(body.media)}
        >
          {t(mine || talked ? 'chat.call.again' : 'chat.call.back', { name })}
        </Button>
      )}
    </div>
  );
}

function unansweredWords(t: TFunction, { endReason }: NonNullable<CallMessage['body']>, mine: boolean, name: string): string {
  if (endReason === 'declined') return t(mine ? 'chat.call.declinedOther' : 'chat.call.declinedYou', { name });
  if (endReason === 'no_answer' || endReason === 'cancelled') return t(mine ? 'chat.call.missedOther' : 'chat.call.missedYou', { name });
  return t('chat.call.notConnected');
}

function costWords(t: TFunction, body: NonNullable<CallMessage['body']>, me: Message['sender']): string {
  const paid = amountsWords(t, body.paid);
  if (body.payerId === me) return paid === null ? t('chat.call.free') : t('chat.call.cost', { amount: paid });
  const earned = amountsWords(t, body.earned);
  return earned === null ? t('chat.call.free') : t('chat.call.earned', { amount: earned });
}
