/** The browser said no: what to press, drawn for the browser in use. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceTrouble } from '../client/call/talk.ts';
import { Button } from './button.tsx';

const browsers = ['chrome', 'safari', 'firefox', 'edge'] as const;
type Browser = (typeof browsers)[number];

/** The browser by its own word; those built on another one show the same menus as it. */
export function browserOf(agent: string): Browser {
  if (/Edg(e|A|iOS)?\//.test(agent)) return 'edge';
  if (/Firefox|FxiOS/.test(agent)) return 'firefox';
  if (/Chrome|CriOS|Chromium/.test(agent)) return 'chrome';
  return 'safari';
}

const names: Record<Browser, string> = { chrome: 'Chrome', safari: 'Safari', firefox: 'Firefox', edge: 'Edge' };

export function PermissionRescue({ trouble, onRetry }: { trouble: DeviceTrouble; onRetry?: () => void }) {
  const { t } = useTranslation();
  if (trouble === 'missing')
    return (
      <div className="note warn" role="alert">
        <div className="note-text">
          <strong>{t('call.missing')}</strong>
          <p>{t('call.missingLead')}</p>
        </div>
        {onRetry && <Button onClick={onRetry}>{t('tryAgain')}</Button>}
      </div>
    );
  return (
    <section className="stack" aria-label={t('rescue.title')}>
      <div className="stack-tight">
        <h2>{t('rescue.title')}</h2>
        <p>{t('rescue.lead')}</p>
      </div>
      <BrowserSteps asked="microphone" {...(onRetry ? { onRetry } : {})} />
    </section>
  );
}

/** What to press, in each browser. @param asked what the browser said no to; the words for notices come with those of `push/` */
export function BrowserSteps({ asked, onRetry }: { asked: 'microphone' | 'notices'; onRetry?: () => void }) {
  const { t } = useTranslation();
  const [browser, setBrowser] = useState<Browser>(() => browserOf(navigator.userAgent));
  const step = (key: 'one' | 'two' | 'three') =>
    asked === 'microphone' ? t(`rescue.${browser}.${key}`) : t(`tell.refused.${browser}.${key}`);
  return (
    <div className="stack rescue">
      <fieldset className="pick-row" aria-label={t('rescue.browser')}>
        {browsers.map((each) => (
          <button key={each} type="button" className="pick" aria-pressed={each === browser} onClick={() => setBrowser(each)}>
            {names[each]}
          </button>
        ))}
      </fieldset>
      <AddressBar browser={browser} />
      <ol className="steps">
        <li>{step('one')}</li>
        <li>{step('two')}</li>
        <li>{step('three')}</li>
      </ol>
      {onRetry && (
        <div>
          <Button onClick={onRetry}>{t('tryAgain')}</Button>
        </div>
      )}
    </div>
  );
}

/** Where to press: the bar of each browser, with a ring around the place. */
function AddressBar({ browser }: { browser: Browser }) {
  const left = browser !== 'safari';
  const x = left ? 66 : 34;
  return (
    <svg className="address-bar" viewBox="0 0 360 96" width="360" height="96" aria-hidden="true">
      <rect x="4" y="14" width="352" height="68" rx="16" className="rim" />
      <rect x="46" y="26" width="268" height="44" rx="22" className="field" />
      {browser === 'safari' ? (
        <text x="26" y="55" className="letters">
          aA
        </text>
      ) : (
        <path d="M18 48h16M18 48l6-6M18 48l6 6" className="ink" />
      )}
      <text x="96" y="54" className="letters">
        hearthline
      </text>
      {browser === 'chrome' && <path d="M58 42h6M72 42h2M58 54h2M68 54h6M67 38v8M63 50v8" className="ink" />}
      {browser === 'edge' && <path d="M60 47h12v10H60zM62 47v-4a4 4 0 0 1 8 0v4" className="ink" />}
      {browser === 'firefox' && (
        <path d="M66 38a4 4 0 0 0-4 4v6a4 4 0 0 0 8 0v-6a4 4 0 0 0-4-4M58 48a8 8 0 0 0 16 0M66 56v4M57 38l18 22" className="ink" />
      )}
      <circle cx={x} cy="48" r="21" className="here" />
    </svg>
  );
}
