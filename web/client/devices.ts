/** Microphone and camera of this device. */
import type { CallMedia } from '../../worker/protocol/call/call.ts';
import type { DeviceTrouble } from './call/talk.ts';

const sound = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const picture = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 24, max: 30 } };

/**
 * Sound, and a picture where the call has one. A device without a camera talks without one.
 * @throws 'denied' where the person or the browser said no, 'missing' where there is no microphone
 */
export async function openDevices(media: CallMedia): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: sound, video: media === 'video' ? picture : false });
  } catch (thrown) {
    if (media === 'video' && !isDenied(thrown)) return openDevices('audio');
    const trouble: DeviceTrouble = isDenied(thrown) ? 'denied' : 'missing';
    throw trouble;
  }
}

const isDenied = (thrown: unknown): boolean => thrown instanceof DOMException && thrown.name === 'NotAllowedError';
