/** Words as a person sees them: on a locked phone, in the app, in a mailbox, as a text message. */
import { useState } from 'react';
import type { AnswerOf } from '../../../../worker/protocol/http/endpoint.ts';
import type { NoticeChannel, previewTemplate } from '../../../../worker/protocol/http/templates.ts';
import { useWords } from '../../words.ts';

export type Preview = AnswerOf<typeof previewTemplate>;

/** Of no language. */
const CLOCK = '14:10';

export function Seen({ channel, preview, language }: { channel: NoticeChannel; preview: Preview; language: string }) {
  const { t } = useWords();
  if (channel === 'mail') return <Mail preview={preview} language={language} />;
  if (channel === 'sms')
    return (
      <figure className="phone" lang={language}>
        <p className="bubble">{preview.text}</p>
        <figcaption>{t('notices.characters', { count: preview.text?.length ?? 0 })}</figcaption>
      </figure>
    );
  return channel === 'push' ? (
    <figure className="phone locked" lang={language}>
      <p className="phone-clock" aria-hidden="true">
        {CLOCK}
      </p>
      <div className="notice-card">
        <p className="notice-app">
          Hearthline <span>{CLOCK}</span>
        </p>
        <p className="notice-title">{preview.title}</p>
        <p>{preview.body}</p>
      </div>
    </figure>
  ) : (
    <figure className="phone" lang={language}>
      <div className="notice-card in-app">
        <p className="notice-title">{preview.title}</p>
        <p>{preview.body}</p>
        <p className="notice-app">{CLOCK}</p>
      </div>
    </figure>
  );
}

/** The HTML stands in a frame that runs nothing and loads nothing; programs that show no HTML show the text. */
function Mail({ preview, language }: { preview: Preview; language: string }) {
  const { t } = useWords();
  const [as, setAs] = useState<'html' | 'text'>('html');
  return (
    <figure className="mail-seen" lang={language}>
      <dl className="mail-head">
        <div>
          <dt>{t('notices.from')}</dt>
          <dd>{preview.from}</dd>
        </div>
        <div>
          <dt>{t('notices.field.subject')}</dt>
          <dd>
            <strong>{preview.subject}</strong>
          </dd>
        </div>
      </dl>
      {as === 'html' ? (
        <iframe className="mail-body" sandbox="" title={preview.subject} srcDoc={preview.html} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <pre className="mail-body" tabIndex={0}>
          {preview.text}
        </pre>
      )}
      <figcaption>
        <button type="button" className="act" onClick={() => setAs(as === 'html' ? 'text' : 'html')}>
          {t(as === 'html' ? 'notices.asText' : 'notices.asHtml')}
        </button>
      </figcaption>
    </figure>
  );
}
