/** How somebody feels about a message: large faces with a word each, drawn here so that every device shows the same. */
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../../worker/protocol/chat/message.ts';
import type { UserId } from '../../../worker/protocol/ids.ts';

/** The emoji on the wire, and which face it is. */
const faces = { '❤️': 'heart', '👍': 'good', '😊': 'smile', '😂': 'laugh', '😢': 'sad', '🙏': 'thanks' } as const;
type Emoji = keyof typeof faces;
const emojis = Object.keys(faces) as Emoji[];
const isKnown = (emoji: string): emoji is Emoji => emoji in faces;

/** The word for an emoji; one that others chose elsewhere is its own word. */
export const reactionWord = (t: TFunction, emoji: string): string => (isKnown(emoji) ? t(`chat.reaction.${faces[emoji]}`) : emoji);

export function Face({ emoji, size = 34 }: { emoji: string; size?: number }) {
  if (!isKnown(emoji))
    return (
      <span aria-hidden="true" className="face-letter">
        {emoji}
      </span>
    );
  return (
    <svg className="face" viewBox="0 0 40 40" width={size} height={size} aria-hidden="true">
      {drawn[faces[emoji]]}
    </svg>
  );
}

const head = <circle cx="20" cy="20" r="17" className="face-head" />;
const drawn = {
  heart: <path d="M20 34C8 25 4 20 4 13.5A8.5 8.5 0 0 1 20 10a8.5 8.5 0 0 1 16 3.5C36 20 32 25 20 34z" className="face-heart" />,
  good: <path d="M6 18h6v16H6zM15 33V19l6-13c4 0 5 3 4 6l-1 4h8c3 0 4 2 3 5l-3 10c-1 2-2 3-4 3H18c-2 0-3-.5-3-1z" className="face-hand" />,
  smile: (
    <>
      {head}
      <path d="M13 16v1M27 16v1M12 23c3 7 13 7 16 0" className="face-line" />
    </>
  ),
  laugh: (
    <>
      {head}
      <path d="M10 17l4-3 3 3M23 17l3-3 4 3" className="face-line" />
      <path d="M11 22h18c0 7-4 10-9 10s-9-3-9-10z" className="face-mouth" />
    </>
  ),
  sad: (
    <>
      {head}
      <path d="M13 17v1M27 17v1M13 29c3-5 11-5 14 0" className="face-line" />
      <path d="M28 21c3 4 2 7 0 7s-3-3 0-7z" className="face-tear" />
    </>
  ),
  thanks: <path d="M19 5l-9 20v9h8l1-4V5zM21 5l9 20v9h-8l-1-4V5z" className="face-hand" />,
} as const;

export interface ChooserProps {
  readonly mine: string | null;
  readonly onChoose: (emoji: string | null) => void;
}

export function ReactionChooser({ mine, onChoose }: ChooserProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="faces" aria-label={t('chat.react')}>
      {emojis.map((emoji) => (
        <button key={emoji} type="button" aria-pressed={mine === emoji} onClick={() => onChoose(mine === emoji ? null : emoji)}>
          <Face emoji={emoji} />
          {reactionWord(t, emoji)}
        </button>
      ))}
    </fieldset>
  );
}

/** What both feel, in words beside the face. */
export function Reactions({ message, me, name }: { message: Message; me: UserId; name: string }) {
  const { t } = useTranslation();
  if (message.reactions.length === 0) return null;
  return (
    <ul className="reacted" aria-label={t('chat.reactions')}>
      {message.reactions.map(({ userId, emoji }) => (
        <li key={userId}>
          <Face emoji={emoji} size={24} />
          {userId === me
            ? t('chat.reactedYou', { word: reactionWord(t, emoji) })
            : t('chat.reactedOther', { name, word: reactionWord(t, emoji) })}
        </li>
      ))}
    </ul>
  );
}
