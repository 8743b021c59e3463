/** A voice note from this device's microphone. */
import { chatMediaLimits } from '../../../worker/protocol/http/chats.ts';
import { openDevices } from '../devices.ts';

export interface Recording {
  /** The note, and how long it lasts in ms. The microphone is let go of. */
  stop(): Promise<{ blob: Blob; type: string; durationMs: number }>;
  /** Throws it away. */
  cancel(): void;
}

/** What browsers write and the server takes, in the order of smaller notes. */
const kinds = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4', 'audio/webm'];
/** Speech needs no more; eight megabytes would hold half an hour of it. */
const BITS_PER_SECOND = 32_000;

/** @throws 'denied' or 'missing' (`DeviceTrouble`) */
export async function record(): Promise<Recording> {
  const stream = await openDevices('audio');
  const letGo = (): void => {
    for (const track of stream.getTracks()) track.stop();
  };
  const mimeType = kinds.find((kind) => MediaRecorder.isTypeSupported(kind));
  const recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS_PER_SECOND, ...(mimeType ? { mimeType } : {}) });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const began = performance.now();
  recorder.start();
  return {
    stop: () =>
      new Promise((done) => {
        const durationMs = performance.now() - began;
        recorder.onstop = () => {
          letGo();
          const type = plainType(recorder.mimeType);
          done({ blob: new Blob(parts, { type }), type, durationMs });
        };
        recorder.stop();
      }),
    cancel: () => {
      if (recorder.state !== 'inactive') recorder.stop();
      letGo();
    },
  };
}

/** Without parameters; one of those the server takes. */
function plainType(type: string): string {
  const plain = type.split(';')[0]?.trim() ?? '';
  return chatMediaLimits.voice.types.find((each) => each === plain) ?? 'audio/webm';
}
