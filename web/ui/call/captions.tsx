/** Captions in a call: what the other says, large, above the controls; and what one's own device writes for the other. */
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaptionLink } from '../../client/call/caption-link.ts';
import { type CaptionState, noCaptions, withRegion } from '../../client/call/captions.ts';
import type { Talk, TalkView } from '../../client/call/talk.ts';
import { Store } from '../../client/store.ts';
import { useComfort } from '../comfort.tsx';
import { locale } from '../i18n.ts';
import { useSession } from '../session.tsx';
import { useStore } from '../use-store.ts';
import { Icon } from './icons.tsx';

const none = new Store<CaptionState>(noCaptions);

export function Captions({ talk, view, name }: { talk: Talk; view: TalkView; name: string }) {
  const { me } = useSession();
  const link = useStore(talk.captions);
  const state = useStore(link?.state ?? none);
  const on = me.comfort.captions;
  const languages = JSON.stringify([locale(), ...me.public.languages].map((tag) => withRegion(tag, navigator.languages)));
  useEffect(() => {
    const known = JSON.parse(languages) as readonly string[];
    link?.prefer(on ? known : null, known);
  }, [link, on, languages]);
  const talking = view.state === 'active' || view.state === 'reconnecting';
  if (!talking || (!on && state.wantedBy === null)) return null;
  return (
    <section className="captions" data-testid="captions">
      {state.wantedBy !== null && <Written state={state} link={link} name={name} />}
      {on && <Read state={state} name={name} />}
    </section>
  );
}

/** What the other says; or why it can't be read, never nothing. */
function Read({ state, name }: { state: CaptionState; name: string }) {
  const { t } = useTranslation();
  if (state.theirs !== 'yes')
    return (
      <p className="caption-note" role="status">
        {t(state.theirs === 'no' ? 'captions.cannot' : state.theirs === 'not_yet' ? 'captions.notYet' : 'captions.waiting', { name })}
      </p>
    );
  if (state.lines.length === 0)
    return (
      <p className="caption-note" role="status">
        {t('captions.reading', { name })}
      </p>
    );
  return (
    <div className="caption-lines" role="log" aria-live="off" aria-label={t('captions.of', { name })}>
      {state.lines.map(({ n, text }) => (
        <p key={n}>{text}</p>
      ))}
    </div>
  );
}

/** What this device writes for the other: said plainly, and nothing fetched without a word. */
function Written({ state, link, name }: { state: CaptionState; link: CaptionLink | null; name: string }) {
  const { t } = useTranslation();
  if (state.mine === 'fetchable')
    return (
      <div className="note" role="status">
        <p className="note-text">{t('captions.fetchLead', { name })}</p>
        <button type="button" className="control go" onClick={() => link?.fetch()}>
          {t('captions.fetch')}
        </button>
      </div>
    );
  if (state.mine === 'unknown') return null;
  return (
    <p className="caption-note" role="status">
      {t(state.mine === 'able' ? 'captions.written' : state.mine === 'fetching' ? 'captions.fetching' : 'captions.unable', { name })}
    </p>
  );
}

/** Turns captions on and off, here and from now on. */
export function CaptionsButton() {
  const { t } = useTranslation();
  const { comfort, change } = useComfort();
  return (
    <button type="button" className="control" aria-pressed={comfort.captions} onClick={() => void change({ captions: !comfort.captions })}>
      <Icon name="captions" />
      {t(comfort.captions ? 'captions.hide' : 'captions.show')}
    </button>
  );
}
