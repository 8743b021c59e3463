/** The call at the desk: the other, the time, what it earns, what is known, and controls that never hide. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Talk, TalkView } from '../../client/call/talk.ts';
import { connectedMsAt, soFar } from '../../client/call/view.ts';
import { BlockButton } from '../../ui/call/block.tsx';
import { Captions, CaptionsButton } from '../../ui/call/captions.tsx';
import { Icon } from '../../ui/call/icons.tsx';
import { OwnPicture, type Peer, RemoteMedia } from '../../ui/call/room.tsx';
import { amountWords, clock } from '../../ui/format.ts';
import { PermissionRescue } from '../../ui/permission-rescue.tsx';
import { Portrait } from '../../ui/portrait.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { ring } from '../../ui/sound.ts';
import { useNow } from '../../ui/use-store.ts';
import { Caps, useShortcut } from '../keys/keys.tsx';
import { DraftNote } from './draft.tsx';
import { Known } from './known.tsx';

export function Console({ talk, view, peer }: { talk: Talk; view: TalkView; peer: Peer }) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const ringing = view.state === 'placing' || view.state === 'ringing';
  const weak = view.state === 'reconnecting' || (view.state === 'active' && (view.link !== 'open' || view.mediaState === 'interrupted'));
  const other = view.media === 'audio' ? 'video' : 'audio';
  const hasCamera = view.media === 'video' && (view.local?.getVideoTracks().length ?? 0) > 0;

  useEffect(() => {
    if (!ringing || view.you !== 'caller') return;
    const sound = ring('outgoing');
    return () => sound.stop();
  }, [ringing, view.you]);

  const { acts } = view;
  const inCall = acts.phase === 'joining' || acts.phase === 'talking' ? acts : null;
  const talking = acts.phase === 'talking' ? acts : null;
  const hangUp = async (): Promise<void> => {
    if (acts.phase === 'ended') return;
    setError(null);
    try {
      await acts.hangUp();
    } catch (thrown) {
      setError(thrown);
    }
  };
  useShortcut('mute', () => inCall?.setMuted(!view.muted), inCall !== null);
  useShortcut('camera', () => inCall?.setCamera(!view.camera), inCall !== null && hasCamera);
  useShortcut('medium', () => talking?.askMedia(view.asked?.by === view.you ? view.media : other), talking !== null);
  useShortcut('hangUp', () => void hangUp());

  const status = ringing
    ? t('call.calling', { name: peer.name })
    : view.state === 'connecting'
      ? t('call.connecting', { name: peer.name })
      : t(weak ? 'call.reconnecting' : 'call.active');
  return (
    <main className="room console">
      <header className="room-head">
        <div>
          <h1>{peer.name}</h1>
          <p className="room-soft" role="status" aria-live="polite">
            {status}
          </p>
        </div>
        {!ringing && <Meters view={view} />}
      </header>
      <Banners talk={talk} view={view} name={peer.name} error={error} />
      <div className="console-middle">
        <section className="stage" aria-label={t('call.withName', { name: peer.name })}>
          <RemoteMedia view={view} name={peer.name} />
          {(view.media === 'audio' || view.state !== 'active' || !view.remote) && (
            <div className="stage-middle">
              <Portrait name={peer.name} seed={peer.portrait} size={200} />
              {ringing && <p className="room-soft">{t('desk.call.callingLead', { name: peer.name })}</p>}
              {view.state === 'connecting' && <p className="room-soft">{t('desk.call.connectingLead')}</p>}
              {view.state === 'reconnecting' && <p>{t('call.reconnectingLead')}</p>}
            </div>
          )}
          {view.media === 'video' && view.local && view.camera && <OwnPicture stream={view.local} />}
        </section>
        <aside className="console-side">
          <Known userId={view.peerId} name={peer.name} />
          {!ringing && <DraftNote callId={view.callId} />}
        </aside>
      </div>
      <Captions talk={talk} view={view} name={peer.name} />
      <fieldset className="controls" aria-label={t('call.controls')}>
        {inCall && (
          <>
            <button type="button" className="control" aria-pressed={view.muted} onClick={() => inCall.setMuted(!view.muted)}>
              <Icon name={view.muted ? 'micOff' : 'mic'} />
              {t(view.muted ? 'call.unmute' : 'call.mute')}
              <Caps id="mute" />
            </button>
            {hasCamera && (
              <button type="button" className="control" aria-pressed={!view.camera} onClick={() => inCall.setCamera(!view.camera)}>
                <Icon name={view.camera ? 'camera' : 'cameraOff'} />
                {t(view.camera ? 'call.cameraOff' : 'call.cameraOn')}
                <Caps id="camera" />
              </button>
            )}
            {talking && view.asked === null && (
              <button type="button" className="control" onClick={() => talking.askMedia(other)}>
                <Icon name={other === 'video' ? 'camera' : 'phone'} />
                {t(other === 'video' ? 'call.toVideo' : 'call.toVoice')}
                <Caps id="medium" />
              </button>
            )}
            <BlockButton userId={view.peerId} name={peer.name} dark />
            <CaptionsButton />
          </>
        )}
        <button type="button" className="control stop" onClick={() => void hangUp()}>
          <Icon name="stop" />
          {t(ringing ? 'call.stopCalling' : 'call.hangUp')}
          <Caps id="hangUp" />
        </button>
      </fieldset>
    </main>
  );
}

function Meters({ view }: { view: TalkView }) {
  const { t } = useTranslation();
  const now = useNow(500);
  const unit = view.lines[0]?.unit ?? 'EARN';
  return (
    <dl className="meters">
      <div>
        <dt>{t('call.time')}</dt>
        <dd data-testid="call-time">{clock(connectedMsAt(view, now))}</dd>
      </div>
      <div>
        <dt>{t('call.earned')}</dt>
        <dd data-testid="call-so-far">{amountWords(t, { unit, amount: soFar(view) })}</dd>
      </div>
    </dl>
  );
}

function Banners({ talk, view, name, error }: { talk: Talk; view: TalkView; name: string; error: unknown }) {
  const { t } = useTranslation();
  const { asked, acts } = view;
  const askMedia = acts.phase === 'talking' ? acts.askMedia : null;
  return (
    <div className="banners">
      {asked && askMedia && asked.by !== view.you && (
        <div className="note" role="alert">
          <p className="note-text">{t(asked.media === 'video' ? 'call.theyAskVideo' : 'call.theyAskVoice', { name })}</p>
          <button type="button" className="control go" onClick={() => askMedia(asked.media)}>
            {t(asked.media === 'video' ? 'call.askYesVideo' : 'call.askYesVoice')}
          </button>
          <button type="button" className="control" onClick={() => askMedia(view.media)}>
            {t('call.askNo')}
          </button>
        </div>
      )}
      {asked && askMedia && asked.by === view.you && (
        <div className="note" role="status">
          <p className="note-text">{t(asked.media === 'video' ? 'call.youAskedVideo' : 'call.youAskedVoice', { name })}</p>
          <button type="button" className="control" onClick={() => askMedia(view.media)}>
            {t('call.takeBackAsk')}
          </button>
        </div>
      )}
      {view.muted && (
        <p className="note" role="status">
          {t('call.muted', { name })}
        </p>
      )}
      {view.trouble && <PermissionRescue trouble={view.trouble} onRetry={() => void talk.askDevices()} />}
      {view.link === 'suspect' && (
        <p className="note" role="status">
          {t('call.suspectLead')}
        </p>
      )}
      {error !== null && <ProblemNote error={error} />}
    </div>
  );
}
