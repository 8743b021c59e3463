/** Own photos: the portrait, what members may see, what stays private. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addPhoto, changePhoto, imageTypes, listPhotos, MAX_PHOTO_BYTES, removePhoto } from '../../../worker/protocol/http/photos.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';

export function Photos() {
  const { api } = useSession();
  const queries = useQueryClient();
  const { t } = useTranslation();
  const photos = useQuery({ queryKey: ['photos'], queryFn: () => api.call(listPhotos, { query: { limit: 20 } }) });
  const picker = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [sure, setSure] = useState<string | null>(null);
  const [tooBig, setTooBig] = useState(false);
  const run = async (work: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    setError(null);
    setTooBig(false);
    try {
      await work();
      await queries.invalidateQueries({ queryKey: ['photos'] });
      await queries.invalidateQueries({ queryKey: ['me'] });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="sheet stack-tight" aria-label={t('desk.me.photos')}>
      <h2>{t('desk.me.photos')}</h2>
      <p className="soft">{t('desk.me.photosLead')}</p>
      {photos.isPending ? (
        <Waiting shape="faces" />
      ) : photos.isError ? (
        <ProblemNote error={photos.error} onRetry={() => void photos.refetch()} />
      ) : (
        <ul className="photos">
          {photos.data.items.map((photo, index) => (
            <li key={photo.id} className="choice">
              <img src={photo.url} width={photo.width} height={photo.height} alt={t('desk.me.photo', { number: index + 1 })} />
              <p>
                <strong>{photo.portrait ? t('desk.me.portrait') : t(`desk.me.visibility.${photo.visibility}`)}</strong>
                {photo.visibility === 'public' && photo.state !== 'approved' && (
                  <span className="soft"> · {t(`desk.me.state.${photo.state}`)}</span>
                )}
              </p>
              <div className="flags">
                {!photo.portrait && (
                  <button
                    type="button"
                    className="chip"
                    disabled={busy}
                    onClick={() => void run(() => api.call(changePhoto, { params: { id: photo.id }, body: { portrait: true } }))}
                  >
                    {t('desk.me.makePortrait')}
                  </button>
                )}
                <button
                  type="button"
                  className="chip"
                  disabled={busy}
                  onClick={() =>
                    void run(() =>
                      api.call(changePhoto, {
                        params: { id: photo.id },
                        body: { visibility: photo.visibility === 'public' ? 'private' : 'public' },
                      }),
                    )
                  }
                >
                  {t(photo.visibility === 'public' ? 'desk.me.hide' : 'desk.me.show')}
                </button>
                <button
                  type="button"
                  className="chip danger"
                  disabled={busy}
                  onClick={() =>
                    sure === photo.id ? void run(() => api.call(removePhoto, { params: { id: photo.id } })) : setSure(photo.id)
                  }
                  onBlur={() => setSure(null)}
                >
                  {t(sure === photo.id ? 'desk.me.removeSure' : 'desk.me.remove')}
                </button>
              </div>
            </li>
          ))}
        </ul>
      )}
      {photos.data?.items.length === 0 && <p className="soft">{t('desk.me.noPhotos')}</p>}
      {tooBig && (
        <p className="note bad" role="alert">
          {t('desk.me.tooBig')}
        </p>
      )}
      {error !== null && <ProblemNote error={error} />}
      <div>
        <input
          ref={picker}
          type="file"
          hidden
          accept={imageTypes.join(',')}
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = '';
            if (!file) return;
            if (file.size > MAX_PHOTO_BYTES) setTooBig(true);
            else void run(() => api.call(addPhoto, { query: { visibility: 'public' }, bytes: file }));
          }}
        />
        <Button size="md" variant="default" loading={busy} onClick={() => picker.current?.click()}>
          {t('desk.me.addPhoto')}
        </Button>
      </div>
    </section>
  );
}
