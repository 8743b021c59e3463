/** Whether this device tells of calls and messages while the app is closed, and the way to change it, in plain words. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../button.tsx';
import { Icon } from '../call/icons.tsx';
import { BrowserSteps } from '../permission-rescue.tsx';
import { ProblemNote } from '../problem-note.tsx';
import { useSession } from '../session.tsx';
import { useStore } from '../use-store.ts';
import { pushHere } from './here.ts';
import { pushWords } from './words.ts';

await pushWords;

/** As a part of a page of settings. */
export function TellSection() {
  const { t } = useTranslation();
  return (
    <section className="sheet stack-tight" aria-label={t('tell.title')}>
      <h2>{t('tell.title')}</h2>
      <TellHere />
    </section>
  );
}

export function TellHere() {
  const { t } = useTranslation();
  const here = pushHere(useSession());
  const telling = useStore(here.telling);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  async function change(work: () => Promise<void>): Promise<void> {
    setBusy(true);
    setError(null);
    await work().catch(setError);
    setBusy(false);
  }
  const on = (): void => void change(() => here.turnOn());
  const tryAgain = (
    <div>
      <Button loading={busy} onClick={on}>
        {t('tryAgain')}
      </Button>
    </div>
  );
  return (
    <div className="stack-tight" data-telling={telling}>
      {telling === 'off' && (
        <>
          <p>{t('tell.why')}</p>
          <div>
            <Button variant="default" loading={busy} onClick={on}>
              {t('tell.turnOn')}
            </Button>
          </div>
        </>
      )}
      {telling === 'on' && (
        <>
          <p role="status" className="row">
            <Icon name="check" />
            <strong>{t('tell.on')}</strong>
          </p>
          <p className="soft">{t('tell.onLead')}</p>
          <div>
            <Button variant="default" loading={busy} onClick={() => void change(() => here.turnOff())}>
              {t('tell.turnOff')}
            </Button>
          </div>
        </>
      )}
      {telling === 'unsupported' && <p role="status">{t('tell.unsupported')}</p>}
      {telling === 'unreachable' && (
        <>
          <p role="status">{t('tell.unreachable')}</p>
          {tryAgain}
        </>
      )}
      {telling === 'install' && (
        <>
          <p role="status">{t('tell.install.lead')}</p>
          <ol className="steps">
            <li>{t('tell.install.one')}</li>
            <li>{t('tell.install.two')}</li>
            <li>{t('tell.install.three')}</li>
          </ol>
        </>
      )}
      {telling === 'refused' && (
        <>
          <p role="status">{t('tell.refused.lead')}</p>
          <BrowserSteps asked="notices" onRetry={on} />
        </>
      )}
      {error !== null && <ProblemNote error={error} />}
    </div>
  );
}
