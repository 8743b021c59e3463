/** The call itself: the other person, the time, what it costs, and controls that never hide. */
import { Modal } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useContext, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallMedia } from '../../../worker/protocol/call/call.ts';
import type { Talk, TalkView } from '../../client/call/talk.ts';
import { connectedMsAt, secondsLeftAt, soFar } from '../../client/call/view.ts';
import { aboutWords, amountWords, clock } from '../format.ts';
import { useLocal } from '../local.ts';
import { PermissionRescue } from '../permission-rescue.tsx';
import { Portrait } from '../portrait.tsx';
import { ProblemNote } from '../problem-note.tsx';
import { useSession } from '../session.tsx';
import { ring } from '../sound.ts';
import { TopUp } from '../top-up.tsx';
import { useNow } from '../use-store.ts';
import { AddingContext } from './adding.ts';
import { BlockButton } from './block.tsx';
import { Captions, CaptionsButton } from './captions.tsx';
import { Icon } from './icons.tsx';

export interface Peer {
  readonly name: string;
  readonly portrait: string | null;
  /** Who it is is still being asked; the name stands for nobody yet. */
  readonly pending?: boolean;
}

export function Room({ talk, view, peer }: { talk: Talk; view: TalkView; peer: Peer }) {
  const { t } = useTranslation();
  const { live, me } = useSession();
  const local = useLocal() === true;
  const adding = useContext(AddingContext);
  const now = useNow(500);
  const [error, setError] = useState<unknown>(null);
  const [topUpOpen, setTopUpOpen] = useState(false);
  const canAdd = view.role === 'payer' && (local || adding !== null);
  const addWords = t(me.monetizationVersion === 'tokens' ? 'call.addCoins' : 'call.addMore');
  const ringing = view.state === 'placing' || view.state === 'ringing';
  const weak = view.state === 'reconnecting' || (view.state === 'active' && (view.link !== 'open' || view.mediaState === 'interrupted'));

  useEffect(() => {
    if (!ringing || view.you !== 'caller') return;
    const sound = ring('outgoing');
    return () => sound.stop();
  }, [ringing, view.you]);

  const connected = view.state === 'active';
  useEffect(() => {
    if (!connected) return;
    const sound = ring('connected');
    const timer = setTimeout(sound.stop, 2_000);
    return () => {
      clearTimeout(timer);
      sound.stop();
    };
  }, [connected]);
  useEffect(() => {
    if (!view.low) return;
    const sound = ring('warning');
    const timer = setTimeout(sound.stop, 2_000);
    return () => {
      clearTimeout(timer);
      sound.stop();
    };
  }, [view.low]);

  const { acts } = view;
  const hangUp = async (): Promise<void> => {
    if (acts.phase === 'ended') return;
    setError(null);
    try {
      await acts.hangUp();
    } catch (thrown) {
      setError(thrown);
    }
  };

  return (
    <main className="room">
      <header className="room-head">
        <div>
          <h1>{peer.name}</h1>
          <p className="room-soft" role="status" aria-live="polite">
            {statusWords(t, view, weak, peer.name)}
          </p>
        </div>
        {!ringing && <Meters view={view} now={now} />}
      </header>
      <Banners
        talk={talk}
        view={view}
        now={now}
        name={peer.name}
        error={error}
        add={canAdd ? { words: addWords, open: () => setTopUpOpen(true) } : null}
      />
      <section className="stage" aria-label={t('call.withName', { name: peer.name })}>
        <RemoteMedia view={view} name={peer.name} />
        {(view.media === 'audio' || view.state !== 'active' || !view.remote) && (
          <div className="stage-middle">
            <Portrait name={peer.name} seed={peer.portrait} size={220} />
            {ringing && <p className="room-soft">{t('call.callingLead')}</p>}
            {view.state === 'connecting' && <p className="room-soft">{t('call.connectingLead')}</p>}
            {view.state === 'reconnecting' && <p>{t('call.reconnectingLead')}</p>}
          </div>
        )}
        {view.media === 'video' && view.local && view.camera && <OwnPicture stream={view.local} />}
      </section>
      <div className="room-foot">
        <Captions talk={talk} view={view} name={peer.name} />
        <fieldset className="controls" aria-label={t('call.controls')}>
          {acts.phase !== 'ringing' && acts.phase !== 'ended' && (
            <>
              <button type="button" className="control" aria-pressed={view.muted} onClick={() => acts.setMuted(!view.muted)}>
                <Icon name={view.muted ? 'micOff' : 'mic'} />
                {t(view.muted ? 'call.unmute' : 'call.mute')}
              </button>
              {view.media === 'video' && (view.local?.getVideoTracks().length ?? 0) > 0 && (
                <button type="button" className="control" aria-pressed={!view.camera} onClick={() => acts.setCamera(!view.camera)}>
                  <Icon name={view.camera ? 'camera' : 'cameraOff'} />
                  {t(view.camera ? 'call.cameraOff' : 'call.cameraOn')}
                </button>
              )}
              {acts.phase === 'talking' && !view.asked && (
                <button type="button" className="control" onClick={() => acts.askMedia(view.media === 'video' ? 'audio' : 'video')}>
                  <Icon name={view.media === 'video' ? 'phone' : 'camera'} />
                  {t(view.media === 'video' ? 'call.toVoice' : 'call.toVideo')}
                </button>
              )}
              {canAdd && (
                <button type="button" className="control" onClick={() => setTopUpOpen(true)}>
                  <Icon name="coins" />
                  {addWords}
                </button>
              )}
              <BlockButton userId={view.peerId} name={peer.name} dark />
              <CaptionsButton />
            </>
          )}
          <button type="button" className="control stop" onClick={() => void hangUp()}>
            <Icon name="stop" />
            {t(ringing ? 'call.stopCalling' : 'call.hangUp')}
          </button>
        </fieldset>
      </div>
      <Modal opened={topUpOpen} onClose={() => setTopUpOpen(false)} title={addWords} closeButtonProps={{ 'aria-label': t('close') }}>
        <div className="stack">
          {adding?.({ callId: view.callId, onClose: () => setTopUpOpen(false) })}
          {local && <TopUp price={live.quoteOf(view.callId)} />}
        </div>
      </Modal>
    </main>
  );
}

function statusWords(t: TFunction, view: TalkView, weak: boolean, name: string): string {
  if (view.state === 'placing' || view.state === 'ringing') return t('call.calling', { name });
  if (view.state === 'connecting') return t('call.connecting', { name });
  return weak ? t('call.reconnecting') : t('call.active');
}

function Meters({ view, now }: { view: TalkView; now: number }) {
  const { t } = useTranslation();
  const left = secondsLeftAt(view, now);
  const unit = view.lines[0]?.unit ?? (view.role === 'payee' ? 'EARN' : 'COIN');
  return (
    <dl className="meters">
      <div>
        <dt>{t('call.time')}</dt>
        <dd data-testid="call-time">{clock(connectedMsAt(view, now))}</dd>
      </div>
      <div>
        <dt>{t(view.role === 'payee' ? 'call.earned' : 'call.cost')}</dt>
        <dd data-testid="call-so-far">{amountWords(t, { unit, amount: soFar(view) })}</dd>
      </div>
      {view.role === 'payer' && left !== null && (
        <div>
          <dt>{t('call.left')}</dt>
          <dd data-testid="call-left">{t('call.leftAbout', { time: aboutWords(t, left) })}</dd>
        </div>
      )}
    </dl>
  );
}

/** The other's sound and picture; silent and dark unless the call is active, because that time is not counted. */
export function RemoteMedia({ view, name }: { view: TalkView; name: string }) {
  const { t } = useTranslation();
  const element = useRef<HTMLVideoElement>(null);
  const [needsTap, setNeedsTap] = useState(false);
  const live = view.state === 'active';

  useEffect(() => {
    const video = element.current;
    if (!video) return;
    video.muted = !live;
    if (video.srcObject !== view.remote) video.srcObject = view.remote;
    if (live && view.remote)
      video.play().then(
        () => setNeedsTap(false),
        () => setNeedsTap(true),
      );
  }, [view.remote, live]);

  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: a live voice has no caption track; its captions stand beside it (captions.tsx) */}
      <video
        ref={element}
        className="remote"
        playsInline
        autoPlay
        aria-label={t('call.theirPicture', { name })}
        hidden={view.media === 'audio' || !live || !view.remote}
      />
      {needsTap && (
        <button
          type="button"
          className="control go tap"
          onClick={() => {
            void element.current?.play().then(() => setNeedsTap(false));
          }}
        >
          {t('call.tapToHear', { name })}
        </button>
      )}
    </>
  );
}

export function OwnPicture({ stream }: { stream: MediaStream }) {
  const { t } = useTranslation();
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    // What is sent is dark until the call is active; one's own mirror is not.
    const mirror = new MediaStream(
      stream.getVideoTracks().map((track) => {
        const own = track.clone();
        own.enabled = true;
        return own;
      }),
    );
    if (element.current) element.current.srcObject = mirror;
    return () => {
      for (const track of mirror.getTracks()) track.stop();
    };
  }, [stream]);
  return <video ref={element} className="own" muted autoPlay playsInline aria-label={t('call.yourPicture')} />;
}

/** What runs low is what paid last. */
function lowWords({ lines }: TalkView): 'call.lowPlan' | 'call.lowMoments' | 'call.lowTitle' {
  const last = lines.at(-1)?.paidBy;
  return last === 'allowance' ? 'call.lowPlan' : last === 'piece' ? 'call.lowMoments' : 'call.lowTitle';
}

function Banners({
  talk,
  view,
  now,
  name,
  error,
  add,
}: {
  talk: Talk;
  view: TalkView;
  now: number;
  name: string;
  error: unknown;
  add: { words: string; open: () => void } | null;
}) {
  const { t } = useTranslation();
  const left = secondsLeftAt(view, now);
  return (
    <div className="banners">
      {view.low && left !== null && (
        <div className="note warn" role="alert">
          <div className="note-text">
            <strong>{t(lowWords(view), { time: aboutWords(t, left) })}</strong>
            <p>{t('call.lowLead')}</p>
          </div>
          {add && (
            <button type="button" className="control go" onClick={add.open}>
              {add.words}
            </button>
          )}
        </div>
      )}
      {view.asked && view.acts.phase === 'talking' && <MediumAsked askMedia={view.acts.askMedia} view={view} name={name} />}
      {view.muted && (
        <p className="note" role="status">
          {t('call.muted', { name })}
        </p>
      )}
      {view.trouble && (
        <div className="sheet on-night">
          <PermissionRescue trouble={view.trouble} onRetry={() => void talk.askDevices()} />
        </div>
      )}
      {view.link === 'suspect' && (
        <p className="note" role="status">
          {t('call.suspectLead')}
        </p>
      )}
      {error !== null && <ProblemNote error={error} />}
    </div>
  );
}

/** Another medium is never taken, only agreed: what was asked, by whom, and the answer. */
function MediumAsked({ askMedia, view, name }: { askMedia: (media: CallMedia) => void; view: TalkView; name: string }) {
  const { t } = useTranslation();
  const { asked, you, media } = view;
  if (!asked) return null;
  const video = asked.media === 'video';
  if (asked.by === you)
    return (
      <div className="note" role="status">
        <p className="note-text">{t(video ? 'call.youAskedVideo' : 'call.youAskedVoice', { name })}</p>
        <button type="button" className="control" onClick={() => askMedia(media)}>
          {t('call.takeBackAsk')}
        </button>
      </div>
    );
  return (
    <div className="note" role="alertdialog" aria-labelledby="asked-title">
      <div className="note-text">
        <strong id="asked-title">{t(video ? 'call.theyAskVideo' : 'call.theyAskVoice', { name })}</strong>
        {view.role === 'payer' && <p>{t('call.askPrice')}</p>}
      </div>
      <button type="button" className="control" onClick={() => askMedia(media)}>
        {t('call.askNo')}
      </button>
      <button type="button" className="control go" onClick={() => askMedia(asked.media)}>
        {t(video ? 'call.askYesVideo' : 'call.askYesVoice')}
      </button>
    </div>
  );
}
