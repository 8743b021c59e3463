/** A file that somebody chose, made ready to be sent: judged by kind and size, a large photo made smaller on the device. */
import type { MediaKind } from '../../../worker/protocol/chat/message.ts';
import { chatMediaLimits } from '../../../worker/protocol/http/chats.ts';
import type { FileOf } from './letters.ts';

export interface Prepared {
  readonly blob: Blob;
  readonly file: FileOf;
  readonly name: string;
}

export type Trouble = { readonly trouble: 'kind' } | { readonly trouble: 'size'; readonly megabytes: number };

/** px of the longer side; more is not seen on any screen of ours, and costs those who pay for their data. */
const LONGEST = 2_048;
const QUALITY = 0.86;

export async function prepare(kind: Exclude<MediaKind, 'voice'>, file: File): Promise<Prepared | Trouble> {
  const { types, bytes } = chatMediaLimits[kind];
  const type = file.type.split(';')[0] ?? '';
  if (!types.some((each) => each === type)) return { trouble: 'kind' };
  const plain: FileOf = { type, bytes: file.size, durationMs: null, width: null, height: null };
  if (kind !== 'image')
    return file.size > bytes ? { trouble: 'size', megabytes: bytes / 1_048_576 } : { blob: file, file: plain, name: file.name };
  const smaller = await shrunk(file);
  const blob = smaller?.blob ?? file;
  if (blob.size > bytes) return { trouble: 'size', megabytes: bytes / 1_048_576 };
  return {
    blob,
    file: { ...plain, type: blob.type, bytes: blob.size, width: smaller?.width ?? null, height: smaller?.height ?? null },
    name: file.name,
  };
}

/** The photo at the size of a screen; null where it is small already or can't be read here, and goes as it is. */
async function shrunk(file: File): Promise<{ blob: Blob; width: number; height: number } | null> {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size < 1_048_576) return null;
    const width = Math.round(picture.width * scale);
    const height = Math.round(picture.height * scale);
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext('2d')?.drawImage(picture, 0, 0, width, height);
    picture.close();
    return { blob: await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY }), width, height };
  } catch {
    return null;
  }
}
