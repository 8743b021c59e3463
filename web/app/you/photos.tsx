/** One's own photos: which of them others may see, and which is the portrait. */
import { FileButton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readMe } from '../../../worker/protocol/http/me.ts';
import {
  addPhoto,
  changePhoto,
  imageTypes,
  listPhotos,
  MAX_PHOTO_BYTES,
  MAX_PHOTOS,
  type Photo,
  removePhoto,
} from '../../../worker/protocol/http/photos.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/call/icons.tsx';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';

export function Photos() {
  const { api } = useSession();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const photos = useQuery({ queryKey: ['photos'], queryFn: () => api.call(listPhotos, { query: { limit: MAX_PHOTOS } }) });
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);

  async function run(work: () => Promise<unknown>): Promise<void> {
    setBusy(true);
    setError(null);
    setWrong(null);
    try {
      await work();
      await photos.refetch();
      queries.setQueryData(['me'], (await api.call(readMe)).user);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  }

  function add(file: File | null): void {
    if (!file) return;
    if (!imageTypes.some((type) => type === file.type)) setWrong(t('photos.wrongKind'));
    else if (file.size > MAX_PHOTO_BYTES) setWrong(t('photos.tooLarge'));
    else void run(() => api.call(addPhoto, { query: { visibility: 'private' }, bytes: file }));
  }

  const full = (photos.data?.items.length ?? 0) >= MAX_PHOTOS;
  return (
    <section className="sheet stack" aria-label={t('photos.title')}>
      <div>
        <h2>{t('photos.title')}</h2>
        <p className="soft">{t('photos.lead')}</p>
      </div>
      {photos.isPending && <Waiting />}
      {photos.isError && <ProblemNote error={photos.error} onRetry={() => void photos.refetch()} />}
      {photos.data?.items.length === 0 && <p>{t('photos.none')}</p>}
      <ul className="photos">
        {photos.data?.items.map((photo) => (
          <li key={photo.id}>
            <OnePhoto
              photo={photo}
              busy={busy}
              onShow={() =>
                void run(() =>
                  api.call(changePhoto, {
                    params: { id: photo.id },
                    body: { visibility: photo.visibility === 'public' ? 'private' : 'public' },
                  }),
                )
              }
              onPortrait={() => void run(() => api.call(changePhoto, { params: { id: photo.id }, body: { portrait: true } }))}
              onRemove={() => void run(() => api.call(removePhoto, { params: { id: photo.id } }))}
            />
          </li>
        ))}
      </ul>
      {wrong !== null && (
        <p className="note bad" role="alert">
          {wrong}
        </p>
      )}
      {error !== null && <ProblemNote error={error} />}
      {full ? (
        <p className="soft">{t('photos.full')}</p>
      ) : (
        <FileButton accept={imageTypes.join(',')} onChange={add} inputProps={{ 'aria-label': t('photos.add') }}>
          {(props) => (
            <Button {...props} variant="default" loading={busy} leftSection={<Icon name="photo" />}>
              {t('photos.add')}
            </Button>
          )}
        </FileButton>
      )}
    </section>
  );
}

interface OnePhotoProps {
  readonly photo: Photo;
  readonly busy: boolean;
  readonly onShow: () => void;
  readonly onPortrait: () => void;
  readonly onRemove: () => void;
}

function OnePhoto({ photo, busy, onShow, onPortrait, onRemove }: OnePhotoProps) {
  const { t } = useTranslation();
  const [sure, setSure] = useState(false);
  const shown = photo.visibility === 'public';
  return (
    <figure className="photo">
      <img src={photo.url} alt={t('photos.one')} width={photo.width} height={photo.height} />
      <figcaption className="stack-tight">
        <p>
          {photo.portrait && <strong>{t('photos.portrait')} · </strong>}
          {shown ? t(`photos.state.${photo.state}`) : t('photos.onlyYou')}
        </p>
        <div className="row">
          {!photo.portrait && (
            <Button size="md" variant="default" disabled={busy} onClick={onPortrait}>
              {t('photos.makePortrait')}
            </Button>
          )}
          <Button size="md" variant="default" disabled={busy} onClick={onShow}>
            {t(shown ? 'photos.hide' : 'photos.show')}
          </Button>
          {sure ? (
            <Button size="md" color="red" disabled={busy} onClick={onRemove}>
              {t('photos.removeSure')}
            </Button>
          ) : (
            <Button size="md" variant="subtle" color="red" disabled={busy} onClick={() => setSure(true)}>
              {t('photos.remove')}
            </Button>
          )}
        </div>
      </figcaption>
    </figure>
  );
}
