/** Choosing a photo, a video or a file, looking at it once more, saying what is to be seen, sending it. */
import { FileButton, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MediaKind } from '../../../worker/protocol/chat/message.ts';
import { chatMediaLimits } from '../../../worker/protocol/http/chats.ts';
import type { Draft } from '../../client/chat/letters.ts';
import { type Prepared, prepare } from '../../client/chat/prepare.ts';
import { Button } from '../button.tsx';
import { Icon } from '../call/icons.tsx';
import { ChatIcon } from './icons.tsx';
import { sizeWords } from './said.ts';

type Kind = Exclude<MediaKind, 'voice'>;
type Chosen = Prepared & { readonly kind: Kind; readonly url: string };

export interface AttachProps {
  readonly onSend: (draft: Draft, bytes: Blob) => void;
  readonly onClose: () => void;
}

export function Attach({ onSend, onClose }: AttachProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [alt, setAlt] = useState('');
  const [caption, setCaption] = useState('');
  const url = chosen?.url;
  useEffect(() => {
    if (url === undefined) return;
    return () => URL.revokeObjectURL(url);
  }, [url]);

  async function choose(kind: Kind, file: File | null): Promise<void> {
    if (!file) return;
    setBusy(true);
    setWrong(null);
    const prepared = await prepare(kind, file);
    setBusy(false);
    if ('trouble' in prepared)
      setWrong(prepared.trouble === 'kind' ? t('chat.wrongKind') : t('chat.tooLarge', { megabytes: prepared.megabytes }));
    else setChosen({ ...prepared, kind, url: URL.createObjectURL(prepared.blob) });
  }

  function send(): void {
    if (!chosen) return;
    const { kind, file, name, blob } = chosen;
    const words = { alt: alt.trim(), caption: caption.trim() };
    onSend(kind === 'file' ? { kind, file, name: name.slice(0, 200) } : { kind, file, ...words }, blob);
    onClose();
  }

  if (!chosen)
    return (
      <section className="stack-tight attached" aria-label={t('chat.addWhat')}>
        <p>
          <strong>{t('chat.addWhat')}</strong>
        </p>
        {wrong !== null && (
          <p className="note bad" role="alert">
            {wrong}
          </p>
        )}
        <div className="row">
          {(['image', 'video', 'file'] as const).map((kind) => (
            <FileButton key={kind} accept={chatMediaLimits[kind].types.join(',')} onChange={(file) => void choose(kind, file)}>
              {(props) => (
                <Button
                  {...props}
                  variant="default"
                  loading={busy}
                  leftSection={kind === 'image' ? <Icon name="photo" /> : <ChatIcon name={kind === 'video' ? 'film' : 'paper'} />}
                >
                  {t(kind === 'image' ? 'chat.addPhoto' : kind === 'video' ? 'chat.addVideo' : 'chat.addFile')}
                </Button>
              )}
            </FileButton>
          ))}
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
        </div>
      </section>
    );
  return (
    <section className="stack-tight attached" aria-label={t(`chat.attached.${chosen.kind}`)}>
      {chosen.kind === 'image' && <img className="attached-picture" src={chosen.url} alt={t('chat.attached.image')} />}
      {chosen.kind === 'video' && (
        // biome-ignore lint/a11y/useMediaCaption: one's own video, looked at before it is sent
        <video className="attached-picture" src={chosen.url} controls playsInline aria-label={t('chat.attached.video')} />
      )}
      {chosen.kind === 'file' && (
        <p className="file">
          <ChatIcon name="paper" size={30} />
          <span>
            <strong>{chosen.name}</strong>
            <br />
            <span className="soft">{sizeWords(t, chosen.file.bytes)}</span>
          </span>
        </p>
      )}
      {chosen.kind !== 'file' && (
        <>
          <TextInput
            label={t('chat.caption')}
            value={caption}
            maxLength={1_000}
            onChange={({ currentTarget }) => setCaption(currentTarget.value)}
          />
          <TextInput label={t('chat.alt')} value={alt} maxLength={500} onChange={({ currentTarget }) => setAlt(currentTarget.value)} />
        </>
      )}
      <div className="row">
        <Button leftSection={<ChatIcon name="send" />} onClick={send}>
          {t(chosen.kind === 'image' ? 'chat.sendImage' : chosen.kind === 'video' ? 'chat.sendVideo' : 'chat.sendFile')}
        </Button>
        <Button variant="default" leftSection={<ChatIcon name="bin" />} onClick={onClose}>
          {t('chat.takeAway')}
        </Button>
      </div>
    </section>
  );
}
