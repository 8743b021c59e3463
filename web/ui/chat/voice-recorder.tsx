/** Speaking instead of typing: it records until “Stop”, is heard once more, then sent or thrown away. */
import { TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceTrouble } from '../../client/call/talk.ts';
import type { Draft } from '../../client/chat/letters.ts';
import { type Recording, record } from '../../client/chat/recorder.ts';
import { Button } from '../button.tsx';
import { Icon } from '../call/icons.tsx';
import { clock, durationWords } from '../format.ts';
import { PermissionRescue } from '../permission-rescue.tsx';
import { Skeleton } from '../states.tsx';
import { useNow } from '../use-store.ts';
import { ChatIcon } from './icons.tsx';
import { VoicePlayer } from './voice-player.tsx';

const LONGEST_MS = 5 * 60_000;

type Step =
  | { readonly step: 'asking' }
  | { readonly step: 'trouble'; readonly trouble: DeviceTrouble }
  | { readonly step: 'recording'; readonly recording: Recording; readonly since: number }
  | { readonly step: 'recorded'; readonly blob: Blob; readonly type: string; readonly durationMs: number; readonly url: string };

export interface VoiceRecorderProps {
  readonly onSend: (draft: Draft, bytes: Blob) => void;
  readonly onClose: () => void;
}

export function VoiceRecorder({ onSend, onClose }: VoiceRecorderProps) {
  const { t } = useTranslation();
  const [step, setStep] = useState<Step>({ step: 'asking' });
  const [alt, setAlt] = useState('');
  const now = useNow(200, step.step === 'recording');
  const present = useRef<Step>(step);
  present.current = step;
  const [tries, setTries] = useState(0);

  // Each try asks anew.
  useEffect(() => {
    let left = false;
    setStep({ step: 'asking' });
    record().then(
      (recording) => {
        if (left) recording.cancel();
        else setStep({ step: 'recording', recording, since: Date.now() });
      },
      (trouble) => !left && setStep({ step: 'trouble', trouble: trouble === 'denied' ? 'denied' : 'missing' }),
    );
    return () => {
      left = true;
      if (present.current.step === 'recording') present.current.recording.cancel();
      if (present.current.step === 'recorded') URL.revokeObjectURL(present.current.url);
    };
  }, [tries]);

  async function stop(): Promise<void> {
    if (step.step !== 'recording') return;
    const { blob, type, durationMs } = await step.recording.stop();
    setStep({ step: 'recorded', blob, type, durationMs, url: URL.createObjectURL(blob) });
  }
  const lasting = step.step === 'recording' ? Math.max(0, now - step.since) : 0;
  const stopLatest = useRef(stop);
  stopLatest.current = stop;
  useEffect(() => {
    if (lasting >= LONGEST_MS) void stopLatest.current();
  }, [lasting]);

  function send(): void {
    if (step.step !== 'recorded') return;
    const { blob, type, durationMs } = step;
    onSend({ kind: 'voice', file: { type, bytes: blob.size, durationMs, width: null, height: null }, alt: alt.trim() }, blob);
    onClose();
  }

  return (
    <section className="stack-tight attached" aria-label={t('chat.voice')}>
      {step.step === 'asking' && <Skeleton count={1} />}
      {step.step === 'trouble' && (
        <>
          <PermissionRescue trouble={step.trouble} onRetry={() => setTries(tries + 1)} />
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
        </>
      )}
      {step.step === 'recording' && (
        <>
          <p className="recording" role="status">
            <Icon name="mic" size={32} />
            <strong>{t('chat.recording')}</strong>
          </p>
          <p className="recording-time number" data-testid="recording-time">
            {clock(lasting)}
          </p>
          <p className="soft">{t('chat.mostTime')}</p>
          <div className="row">
            <Button leftSection={<ChatIcon name="square" />} onClick={() => void stop()}>
              {t('chat.stop')}
            </Button>
            <Button variant="default" leftSection={<ChatIcon name="bin" />} onClick={onClose}>
              {t('chat.takeAway')}
            </Button>
          </div>
        </>
      )}
      {step.step === 'recorded' && (
        <>
          <VoicePlayer
            src={step.url}
            durationMs={step.durationMs}
            label={t('chat.recorded', { time: durationWords(t, step.durationMs / 1000) })}
          />
          <TextInput label={t('chat.altVoice')} value={alt} maxLength={500} onChange={({ currentTarget }) => setAlt(currentTarget.value)} />
          <div className="row">
            <Button leftSection={<ChatIcon name="send" />} onClick={send}>
              {t('chat.sendVoice')}
            </Button>
            <Button variant="default" leftSection={<ChatIcon name="bin" />} onClick={onClose}>
              {t('chat.takeAway')}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}
