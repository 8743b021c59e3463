/** Pictures, videos and files of messages. Nothing large is fetched before somebody asks for it. */
import { Modal } from '@mantine/core';
import { type CSSProperties, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message, MessageMedia } from '../../../worker/protocol/chat/message.ts';
import { readMe } from '../../../worker/protocol/http/me.ts';
import { API_BASE } from '../../client/api.ts';
import { Button } from '../button.tsx';
import { durationWords } from '../format.ts';
import { useSession } from '../session.tsx';
import { useConversing } from './context.ts';
import { ChatIcon } from './icons.tsx';
import { sizeWords } from './said.ts';
import { VoicePlayer } from './voice-player.tsx';

/** A picture in a message is not higher than this. */
const HIGHEST_REM = 20;

type Source = { readonly src: string; readonly failed: boolean; readonly onError: () => void };

/**
 * Where the bytes are. A picture's address can't renew a sign-in that ran out: the first failure asks for something that
 * can, and tries once more.
 */
export function useMediaSource(media: MessageMedia): Source {
  const { api } = useSession();
  const { chatId, app } = useConversing();
  const [tries, setTries] = useState(0);
  return {
    src: `${API_BASE}/chats/${chatId}/media/${media.id}?app=${app}${tries > 0 ? `&again=${tries}` : ''}`,
    failed: tries > 1,
    onError: () => {
      if (tries === 0)
        void api.call(readMe).then(
          () => setTries(1),
          () => setTries(2),
        );
      else setTries(2);
    },
  };
}

type OfMedia = Extract<Message, { kind: 'image' | 'voice' | 'video' | 'file' }>;

/** A message with media, or what stands in its place until it may be seen. */
export function MediaBody({ message }: { message: OfMedia }) {
  const { t } = useTranslation();
  const { me, peer } = useConversing();
  const { media, body } = message;
  if (!media || !body) return null;
  const own = message.sender === me;
  if (media.state !== 'passed' && !own)
    return (
      <p className="held" role="note">
        <ChatIcon name={media.kind === 'file' ? 'paper' : 'film'} size={30} />
        {t(media.state === 'pending' ? 'chat.pendingTheirs' : 'chat.refusedTheirs', { name: peer.displayName })}
      </p>
    );
  return (
    <div className="stack-tight">
      {message.kind === 'image' && <Picture media={media} alt={message.body?.alt ?? ''} />}
      {message.kind === 'video' && <Video media={media} alt={message.body?.alt ?? ''} />}
      {message.kind === 'voice' && <Voice media={media} />}
      {message.kind === 'file' && <File media={media} name={message.body?.name ?? ''} />}
      {message.kind === 'voice' && message.body?.alt && <p className="soft">{t('chat.said', { words: message.body.alt })}</p>}
      {'caption' in body && body.caption && <p>{body.caption}</p>}
      {own && media.state !== 'passed' && (
        <p className="soft" role="note">
          {t(media.state === 'pending' ? 'chat.pendingYours' : 'chat.refusedYours', { name: peer.displayName })}
        </p>
      )}
    </div>
  );
}

function Failed() {
  const { t } = useTranslation();
  return <p className="held">{t('chat.mediaFailed')}</p>;
}

/** Its place is kept before it is here, so that nothing jumps. */
function placeOf({ width, height }: MessageMedia): CSSProperties {
  if (!width || !height) return {};
  return { aspectRatio: `${width} / ${height}`, width: `min(${width}px, ${(HIGHEST_REM * width) / height}rem)` };
}

function Picture({ media, alt }: { media: MessageMedia; alt: string }) {
  const { t } = useTranslation();
  const source = useMediaSource(media);
  const [large, setLarge] = useState(false);
  const words = alt === '' ? t('chat.imageNoAlt') : alt;
  if (source.failed) return <Failed />;
  return (
    <>
      <button type="button" className="picture-open" onClick={() => setLarge(true)}>
        <img src={source.src} alt={words} style={placeOf(media)} loading="lazy" decoding="async" onError={source.onError} />
        <span className="picture-hint">
          <ChatIcon name="expand" size={22} /> {t('chat.enlarge')}
        </span>
      </button>
      <Modal
        opened={large}
        onClose={() => setLarge(false)}
        title={t('chat.image')}
        size="xl"
        closeButtonProps={{ 'aria-label': t('close') }}
      >
        <div className="stack">
          <img className="picture-large" src={source.src} alt={words} />
          {alt !== '' && <p>{alt}</p>}
          <Button variant="default" onClick={() => setLarge(false)}>
            {t('close')}
          </Button>
        </div>
      </Modal>
    </>
  );
}

function Video({ media, alt }: { media: MessageMedia; alt: string }) {
  const { t } = useTranslation();
  const source = useMediaSource(media);
  const [wanted, setWanted] = useState(false);
  if (source.failed) return <Failed />;
  return (
    <div className="stack-tight">
      {wanted ? (
        // biome-ignore lint/a11y/useMediaCaption: people's own videos have no caption track; their words stand below
        <video
          className="video"
          src={source.src}
          controls
          autoPlay
          playsInline
          onError={source.onError}
          aria-label={alt || t('chat.video')}
        />
      ) : (
        <Button variant="default" leftSection={<ChatIcon name="play" />} onClick={() => setWanted(true)}>
          {t('chat.loadVideo', { size: sizeWords(t, media.bytes) })}
        </Button>
      )}
      {alt !== '' && <p className="soft">{alt}</p>}
    </div>
  );
}

function Voice({ media }: { media: MessageMedia }) {
  const { t } = useTranslation();
  const source = useMediaSource(media);
  if (source.failed) return <Failed />;
  const label =
    media.durationMs === null ? t('chat.voiceNote') : t('chat.voiceNoteOf', { time: durationWords(t, media.durationMs / 1000) });
  return <VoicePlayer src={source.src} durationMs={media.durationMs} label={label} onError={source.onError} />;
}

function File({ media, name }: { media: MessageMedia; name: string }) {
  const { t } = useTranslation();
  const { src } = useMediaSource(media);
  return (
    <a className="file" href={src} target="_blank" rel="noreferrer" download={name}>
      <ChatIcon name="paper" size={30} />
      <span>
        <strong>{t('chat.openFile', { name })}</strong>
        <br />
        <span className="soft">{sizeWords(t, media.bytes)}</span>
      </span>
    </a>
  );
}
