/** Bytes of a letter to the server: leave is asked for, then they go to the address it names, in one body. */
import type { ErrorCode } from '../../../worker/protocol/errors.ts';
import { askUpload } from '../../../worker/protocol/http/chats.ts';
import type { ChatMediaId } from '../../../worker/protocol/ids.ts';
import type { Api } from '../api.ts';
import { parseJson } from '../hub.ts';
import { ApiProblem, isProblemBody, NoAnswer } from '../problem.ts';
import type { RoomOptions } from './room.ts';

/** Puts a body; `progress`: 0–1. Rejects where no answer came. */
export type Put = (url: string, body: Blob, type: string, progress: (part: number) => void) => Promise<{ status: number; text: string }>;

export const uploads =
  (api: Api, put: Put): RoomOptions['upload'] =>
  async ({ chatId, draft }, body, progress): Promise<ChatMediaId> => {
    if (draft.kind === 'text') throw new Error('a text has no bytes');
    const { type, durationMs } = draft.file;
    const { mediaId, upload } = await api.call(askUpload, {
      params: { id: chatId },
      body: { kind: draft.kind, type, bytes: body.size, ...(durationMs === null ? {} : { durationMs: Math.round(durationMs) }) },
    });
    const { status, text } = await put(upload.url, body, upload.type, progress);
    if (status >= 200 && status <= 299) return mediaId;
    const told = parseJson(text);
    if (isProblemBody(told) && refusals.includes(told.code)) throw new ApiProblem(told, null);
    throw new NoAnswer(`an upload was answered ${status}`, status);
  };

/** The bytes are not what they should be. Anything else is tried with a new address: on a slow line this one may have run out of time. */
const refusals: readonly ErrorCode[] = ['validation_failed', 'body_too_large'];

/** The browser's own; `fetch` can't tell how far it is. */
export const browserPut: Put = (url, body, type, progress) =>
  new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open('PUT', url);
    request.setRequestHeader('Content-Type', type);
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
    request.onload = () => done({ status: request.status, text: request.responseText });
    request.onerror = () => fail(new NoAnswer('the upload was cut', null));
    request.send(body);
  });
