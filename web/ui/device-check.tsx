/** Is the microphone heard, is the camera seen: tried on the spot, with nothing sent anywhere. */
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceTrouble } from '../client/call/talk.ts';
import { openDevices } from '../client/devices.ts';
import { Button } from './button.tsx';
import { Icon } from './call/icons.tsx';
import { PermissionRescue } from './permission-rescue.tsx';
import { ring } from './sound.ts';

/** From this loudness on (0–1) somebody spoke; a quiet room stays below. */
const HEARD = 0.05;

/** How loud the stream is, ten times a second; null without a stream. */
function useLoudness(stream: MediaStream | null): number | null {
  const [loudness, setLoudness] = useState<number | null>(null);
  useEffect(() => {
    if (!stream || stream.getAudioTracks().length === 0) {
      setLoudness(null);
      return;
    }
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    // About as much as passes between two looks, so that no word falls in between.
    analyser.fftSize = 4096;
    const source = context.createMediaStreamSource(stream);
    source.connect(analyser);
    void context.resume();
    const wave = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(wave);
      setLoudness(wave.reduce((loudest, value) => Math.max(loudest, Math.abs(value)), 0));
    }, 100);
    return () => {
      clearInterval(timer);
      source.disconnect();
      void context.close();
    };
  }, [stream]);
  return loudness;
}

export function DeviceCheck() {
  const { t } = useTranslation();
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [trouble, setTrouble] = useState<DeviceTrouble | null>(null);
  const [busy, setBusy] = useState(false);
  const [heard, setHeard] = useState(false);
  const loudness = useLoudness(stream);
  const preview = useRef<HTMLVideoElement>(null);

  useEffect(() => {
    if (loudness !== null && loudness > HEARD) setHeard(true);
  }, [loudness]);
  useEffect(() => {
    if (preview.current) preview.current.srcObject = stream;
    return () => {
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
  }, [stream]);

  async function begin(): Promise<void> {
    setBusy(true);
    setTrouble(null);
    try {
      setStream(await openDevices('video'));
    } catch (thrown) {
      setTrouble(thrown === 'denied' ? 'denied' : 'missing');
    } finally {
      setBusy(false);
    }
  }

  const seen = (stream?.getVideoTracks().length ?? 0) > 0;
  const bars = 12;
  return (
    <div className="stack">
      {!stream && !trouble && (
        <>
          <p>{t('check.lead')}</p>
          <Button onClick={() => void begin()} loading={busy} leftSection={<Icon name="mic" />}>
            {t('check.begin')}
          </Button>
        </>
      )}
      {trouble && <PermissionRescue trouble={trouble} onRetry={() => void begin()} />}
      {stream && (
        <>
          <div className="check-line" role="status">
            <Icon name={heard ? 'check' : 'mic'} />
            <strong>{t(heard ? 'check.heard' : 'check.speak')}</strong>
          </div>
          <div className="loudness" aria-hidden="true" data-heard={heard}>
            {Array.from({ length: bars }, (_, index) => (
              <span key={index} data-lit={Math.sqrt(loudness ?? 0) * bars > index + 0.8} />
            ))}
          </div>
          {!heard && <p className="soft">{t('check.notHeard')}</p>}
          <div className="check-line" role="status">
            <Icon name={seen ? 'check' : 'cameraOff'} />
            <strong>{t(seen ? 'check.seen' : 'check.notSeen')}</strong>
          </div>
          {seen && <video ref={preview} className="preview" muted autoPlay playsInline aria-label={t('call.yourPicture')} />}
          <div className="row">
            <Button variant="default" leftSection={<Icon name="sound" />} onClick={() => setTimeout(ring('connected').stop, 2_000)}>
              {t('check.hear')}
            </Button>
            <Button variant="default" onClick={() => setStream(null)}>
              {t('check.stop')}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
