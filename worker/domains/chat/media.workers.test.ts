/** Uploads past the front door, with the real bucket and the real room. */
import { beforeAll, describe, expect, it } from 'vitest';
import { ask, BASE, bindings, contextNow, type Device, idIn, settle, signIn, signInAs } from '../../../tests/access/town.ts';
import { eventually } from '../../../tests/eventually.ts';
import { mp4, ogg, pdf, place } from '../../../tests/media-files.ts';
import { exif, jpeg, png, says } from '../../../tests/pictures.ts';
import { contextOf } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import { chatRoom } from '../../platform/stubs.ts';
import type { ChatId, ChatMediaId, MessageId } from '../../protocol/ids.ts';
import { enrol } from '../companions/service.ts';
import { dropMedia, partOf, sweepMedia, tellDecided } from './media.ts';
import { mintUpload, readUpload, UPLOAD_MS } from './upload-token.ts';

beforeAll(settle);

interface Pair {
  readonly a: Device;
  readonly g: Device;
  readonly id: ChatId;
}
async function pair(): Promise<Pair> {
  const [a, g] = [
    await signInAs(`${crypto.randomUUID()}@demo.test`, 'member'),
    await signInAs(`${crypto.randomUUID()}@demo.test`, 'companion'),
  ];
  await enrol(contextNow(), { userId: g.userId, media: ['audio'], tier: 'standard', approved: true });
  return { a, g, id: idIn(await ask({ method: 'POST', path: '/chats', by: a, body: { peerId: g.userId } }), 'chat') };
}
const askFor = (by: Device, id: ChatId, kind: string, type: string, bytes: number) =>
  ask({ method: 'POST', path: `/chats/${id}/media`, by, body: { kind, type, bytes, durationMs: 1_500 } });
interface Leave {
  readonly mediaId: ChatMediaId;
  readonly upload: { readonly url: string };
}
const put = ({ upload }: Leave, body: Uint8Array, headers: Record<string, string> = {}) =>
  ask({ method: 'PUT', path: upload.url.replace('/api/v1', ''), body, headers });
async function uploaded(by: Device, id: ChatId, kind: string, type: string, body: Uint8Array): Promise<ChatMediaId> {
  const leave = (await askFor(by, id, kind, type, body.length)).json as unknown as Leave;
  const answer = await put(leave, body, { 'Content-Type': type });
  expect(answer.status, answer.text).toBe(200);
  return leave.mediaId;
}
const sendImage = (by: Device, id: ChatId, mediaId: ChatMediaId, clientId = crypto.randomUUID()) =>
  ask({
    ...{ method: 'POST', path: `/chats/${id}/messages`, by },
    ...{ body: { clientId, kind: 'image', body: { mediaId, alt: 'a tomato' } }, headers: { 'Idempotency-Key': clientId } },
  });
async function see(by: Device, id: ChatId, mediaId: ChatMediaId, headers: Record<string, string> = {}): Promise<Response> {
  const { exports } = await import('cloudflare:workers');
  const front = (exports as unknown as { default: Fetcher }).default;
  return front.fetch(`${BASE}/chats/${id}/media/${mediaId}`, { headers: { Authorization: `Bearer ${by.accessToken}`, ...headers } });
}
const words = async (answer: Response): Promise<string> => new TextDecoder().decode(await answer.arrayBuffer());
async function withSetting(value: boolean | null, then: () => Promise<void>): Promise<void> {
  const alex = await signIn('alex');
  const set = (to: boolean | null) => ask({ method: 'PUT', path: '/admin/settings/media.autoPass', by: alex, body: { value: to } });
  await set(value);
  try {
    await then();
  } finally {
    await set(null);
  }
}

describe('an upload', () => {
  it('is kept without what tells of its maker, and shown to both', async () => {
    const { a, g, id } = await pair();
    const mediaId = await uploaded(a, id, 'image', 'image/jpeg', jpeg(400, 300, exif(6)));
    expect((await see(g, id, mediaId)).status).toBe(404);
    const sent = await sendImage(a, id, mediaId);
    expect(sent.json).toMatchObject({
      message: { kind: 'image', media: { id: mediaId, type: 'image/jpeg', width: 300, height: 400, durationMs: null, state: 'passed' } },
    });
    for (const by of [a, g]) {
      const answer = await see(by, id, mediaId);
      const bytes = new Uint8Array(await answer.arrayBuffer());
      expect([answer.status, answer.headers.get('Content-Type'), answer.headers.get('Content-Disposition')]).toEqual([
        200,
        'image/jpeg',
        'inline',
      ]);
      expect([answer.headers.get('X-Content-Type-Options'), answer.headers.get('Cache-Control')]).toEqual(['nosniff', 'private, no-cache']);
      expect([says(bytes, 'JFIF'), says(bytes, 'N 60 10 23')]).toEqual([true, false]);
    }
    const etag = (await see(g, id, mediaId)).headers.get('ETag') ?? '';
    expect((await see(g, id, mediaId, { 'If-None-Match': etag })).status).toBe(304);
  });

  it('is one body: the same again is the same, another is a conflict', async () => {
    const { a, id } = await pair();
    const [one, other] = [png(300, 300), png(300, 301)];
    const leave = (await askFor(a, id, 'image', 'image/png', one.length)).json as unknown as Leave;
    const [first, second] = await Promise.all([put(leave, one), put(leave, one)]);
    expect([first.status, second.status, second.json]).toEqual([200, 200, first.json]);
    expect((await put(leave, other)).json?.code).toBe('idempotency_conflict');
    // A crash between the bytes and the row: they are there, the row says nothing of them.
    await bindings.DB.prepare('UPDATE chat_media SET uploaded_at = NULL, hash = NULL, bytes = NULL WHERE id = ?').bind(leave.mediaId).run();
    expect((await put(leave, other)).json?.code).toBe('idempotency_conflict');
    expect((await put(leave, one)).json).toEqual(first.json);
  });

  it('is as it was asked for', async () => {
    const { a, id } = await pair();
    const body = png(300, 300);
    const leave = (await askFor(a, id, 'image', 'image/png', body.length)).json as unknown as Leave;
    expect((await put(leave, body.slice(1))).json).toMatchObject({ code: 'validation_failed', fields: [{ path: 'body' }] });
    expect((await put(leave, Uint8Array.from([...body, 1]))).json?.code).toBe('validation_failed');
    expect((await put(leave, new Uint8Array(11 * 1024 * 1024))).json?.code).toBe('body_too_large');
    expect((await put(leave, body, { 'Content-Type': 'text/html' })).json?.code).toBe('validation_failed');
    expect((await put(leave, new Uint8Array(body.length))).json?.code).toBe('validation_failed');
    expect((await put(leave, body)).status).toBe(200);
    for (const [kind, type, bytes] of [
      ['image', 'image/gif', 10],
      ['voice', 'video/mp4', 10],
      ['image', 'image/png', 11 * 1024 * 1024],
    ] as const)
      expect((await askFor(a, id, kind, type, bytes)).json?.code).toBe('validation_failed');
  });

  it('needs the address, in time', async () => {
    const { a, id } = await pair();
    const { mediaId, upload } = (await askFor(a, id, 'image', 'image/png', 10)).json as unknown as Leave;
    const secret = bindings.KEY_SEALING_SECRET;
    const now = Date.now();
    const token = upload.url.split('/').at(-1) ?? '';
    expect(await readUpload(secret, token, now)).toBe(mediaId);
    expect(await readUpload(secret, token, now + UPLOAD_MS + 1_000)).toBe(null);
    const [, expiry, mac] = token.split('.');
    const later = (Number.parseInt(expiry ?? '', 36) + 60_000).toString(36);
    for (const made of [
      `${newId('cmd')}.${expiry}.${mac}`,
      `${mediaId}.${later}.${mac}`,
      await mintUpload('another', mediaId, now + 9_000),
      'x.y.z',
      '..',
      '',
    ])
      expect(await readUpload(secret, made, now), made).toBe(null);
    expect((await ask({ method: 'PUT', path: `/chat-uploads/${mediaId}.${later}.${mac}`, body: new Uint8Array(10) })).status).toBe(404);
  });

  it('can be sent by its uploader, here, as its kind, once', async () => {
    const { a, g, id } = await pair();
    const elsewhere = await pair();
    const [one, voice] = [await uploaded(a, id, 'image', 'image/png', png(300, 300)), await uploaded(a, id, 'voice', 'audio/ogg', ogg())];
    const [theirs, notYet] = [await uploaded(elsewhere.a, elsewhere.id, 'image', 'image/png', png(300, 300)), newId('cmd')];
    for (const [by, mediaId] of [
      [g, one],
      [a, voice],
      [a, theirs],
      [a, notYet],
    ] as const)
      expect((await sendImage(by, id, mediaId)).json?.code).toBe('validation_failed');
    const clientId = crypto.randomUUID();
    const first = await sendImage(a, id, one, clientId);
    expect([first.status, (await sendImage(a, id, one, clientId)).json]).toEqual([201, first.json]);
    expect((await sendImage(a, id, one)).json?.code).toBe('validation_failed');
  });

  it('of a film or sound is shown in parts, a file is saved', async () => {
    const { a, id } = await pair();
    const film = mp4([{ handler: 'vide', width: 640, height: 360, sample: [1, 2, 3] }], { moov: place() });
    const mediaId = await uploaded(a, id, 'video', 'video/mp4', film);
    const part = await see(a, id, mediaId, { Range: 'bytes=4-7' });
    expect([part.status, part.headers.get('Content-Range'), await words(part)]).toEqual([206, `bytes 4-7/${film.length}`, 'ftyp']);
    const file = await see(a, id, await uploaded(a, id, 'file', 'application/pdf', pdf()));
    expect(file.headers.get('Content-Disposition')).toMatch(/^attachment; filename="cmd_\w+\.pdf"$/);
    expect(await words(file)).toContain('%PDF');
    expect([partOf('bytes=2-', 10), partOf('bytes=-3', 10), partOf('bytes=0-99', 10)]).toEqual([
      { from: 2, length: 8 },
      { from: 7, length: 3 },
      { from: 0, length: 10 },
    ]);
    for (const range of [
      undefined,
      'bytes=',
      'bytes=-',
      'bytes=10-',
      'bytes=5-2',
      'bytes=0-1,4-5',
      'lines=1-2',
      `bytes=${'9'.repeat(40)}-`,
    ])
      expect(partOf(range, 10), range).toBe(null);
  });

  it('waits with nineteen others at most', async () => {
    const { a, id } = await pair();
    for (let n = 0; n < 19; n += 1) expect((await askFor(a, id, 'image', 'image/png', 10)).status).toBe(201);
    const both = await Promise.all([1, 2].map(() => askFor(a, id, 'image', 'image/png', 10)));
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
  });

  it('that no message names is gone after a day, one that a message names stays', async () => {
    const { a, id } = await pair();
    const [unused, used] = [
      await uploaded(a, id, 'image', 'image/png', png(300, 300)),
      await uploaded(a, id, 'image', 'image/png', png(300, 301)),
    ];
    await askFor(a, id, 'image', 'image/png', 10);
    await sendImage(a, id, used);
    const at = (now: number) => contextOf(bindings, { now, requestId: 'test', waitUntil: () => {} });
    await sweepMedia(at(Date.now() + 86_000_000));
    expect((await bindings.MEDIA.list({ prefix: `chat/${id}/` })).objects).toHaveLength(2);
    await sweepMedia(at(Date.now() + 86_500_000));
    expect((await bindings.MEDIA.list({ prefix: `chat/${id}/` })).objects.map(({ key }) => key)).toEqual([`chat/${id}/${used}`]);
    const rows = await bindings.DB.prepare('SELECT id FROM chat_media WHERE chat_id = ?').bind(id).all();
    expect(rows.results).toEqual([{ id: used }]);
    expect((await see(a, id, unused)).status).toBe(404);
    expect((await see(a, id, used)).status).toBe(200);
  });
});

describe('an upload whose message is refused', () => {
  const claimed = (mediaId: ChatMediaId) =>
    bindings.DB.prepare('SELECT claimed_by FROM chat_media WHERE id = ?').bind(mediaId).first<string>('claimed_by');
  const replying = (by: Device, id: ChatId, mediaId: ChatMediaId, replyTo: string) => {
    const clientId = crypto.randomUUID();
    const body = { clientId, kind: 'image', body: { mediaId }, replyTo };
    return ask({ method: 'POST', path: `/chats/${id}/messages`, by, body, headers: { 'Idempotency-Key': clientId } });
  };

  it('is its sender’s to send again, and else swept away like any other', async () => {
    const { a, g, id } = await pair();
    const [mediaId, left] = [
      await uploaded(a, id, 'image', 'image/png', png(300, 300)),
      await uploaded(a, id, 'image', 'image/png', png(300, 301)),
    ];
    for (const one of [mediaId, left]) expect((await replying(a, id, one, newId('msg'))).status).toBe(400);
    await eventually(async () => expect([await claimed(mediaId), await claimed(left)]).toEqual([null, null]));
    expect((await see(g, id, mediaId)).status).toBe(404);
    expect((await sendImage(a, id, mediaId)).status).toBe(201);
    await sweepMedia(contextOf(bindings, { now: Date.now() + 86_500_000, requestId: 'test', waitUntil: () => {} }));
    expect((await bindings.MEDIA.list({ prefix: `chat/${id}/` })).objects.map(({ key }) => key)).toEqual([`chat/${id}/${mediaId}`]);
    expect((await see(g, id, mediaId)).status).toBe(200);
  });

  it('stays where another message has it', async () => {
    const { a, g, id } = await pair();
    const mediaId = await uploaded(a, id, 'image', 'image/png', png(300, 300));
    const clientId = crypto.randomUUID();
    expect((await sendImage(a, id, mediaId, clientId)).status).toBe(201);
    expect((await sendImage(a, id, mediaId)).status).toBe(400);
    expect((await replying(a, id, mediaId, newId('msg'))).status).toBe(400);
    // Behind what is done about the refused ones.
    expect((await sendImage(a, id, mediaId, clientId)).status).toBe(201);
    expect(await claimed(mediaId)).toBe('message');
    expect((await see(g, id, mediaId)).status).toBe(200);
  });
});

describe('moderation of media', () => {
  it('shows the other side nothing before it has passed, and nothing once it is refused', async () => {
    await withSetting(false, async () => {
      const { a, g, id } = await pair();
      const mediaId = await uploaded(a, id, 'image', 'image/png', png(300, 300));
      expect((await sendImage(a, id, mediaId)).json).toMatchObject({ message: { media: { state: 'pending' } } });
      expect([(await see(a, id, mediaId)).status, (await see(g, id, mediaId)).status]).toEqual([200, 404]);
      const sam = await signIn('sam');
      const waiting = await ask({ method: 'GET', path: '/admin/media', by: sam });
      expect(waiting.json?.items).toContainEqual(
        expect.objectContaining({ chatId: id, uploader: expect.objectContaining({ id: a.userId }) }),
      );
      const look = (range: string) => ask({ method: 'GET', path: `/admin/media/${mediaId}`, by: sam, headers: { Range: range } });
      expect([(await look('bytes=0-')).status, (await look('bytes=9-')).status]).toEqual([206, 206]);

      const decide = (state: string) => ask({ method: 'POST', path: `/admin/media/${mediaId}/decide`, by: sam, body: { state } });
      expect((await decide('passed')).json).toEqual({ media: { id: mediaId, state: 'passed' } });
      expect((await decide('passed')).status).toBe(200);
      expect((await see(g, id, mediaId)).status).toBe(200);
      const events = (await ask({ method: 'GET', path: `/chats/${id}/events`, by: g })).json?.items;
      expect(events).toContainEqual(expect.objectContaining({ type: 'media', state: 'passed' }));
      await decide('refused');
      expect((await see(g, id, mediaId)).status).toBe(404);
      const audit = await ask({ method: 'GET', path: `/admin/audit?subject=${mediaId}`, by: await signIn('alex') });
      expect(((audit.json?.items ?? []) as { action: string }[]).map(({ action }) => action)).toEqual([
        'media.decide',
        'media.decide',
        'media.look',
        'media.look',
      ]);
    });
  });

  it('keeps what was reported for whoever looks at the case, after it was deleted, and nothing else', async () => {
    const { a, g, id } = await pair();
    const [harmless, bad] = [
      await uploaded(a, id, 'image', 'image/png', png(300, 300)),
      await uploaded(a, id, 'image', 'image/png', png(300, 301)),
    ];
    const messageIds = [
      idIn<MessageId>(await sendImage(a, id, harmless), 'message'),
      idIn<MessageId>(await sendImage(a, id, bad), 'message'),
    ];
    const [, messageId] = messageIds;
    await ask({ method: 'POST', path: `/chats/${id}/reports`, by: g, body: { reason: 'nudity', messageId } });
    expect((await see(g, id, bad)).status).toBe(200);
    for (const one of messageIds) await chatRoom(bindings, id).remove({ messageId: one, now: Date.now() });
    for (const mediaId of [harmless, bad, bad]) await dropMedia(contextNow(), { chatId: id, mediaId });
    for (const by of [a, g]) for (const mediaId of [harmless, bad]) expect((await see(by, id, mediaId)).status).toBe(404);
    const look = async (mediaId: string) => (await ask({ method: 'GET', path: `/admin/media/${mediaId}`, by: await signIn('sam') })).status;
    expect([await look(harmless), await look(bad)]).toEqual([404, 200]);
    expect((await bindings.MEDIA.list({ prefix: `chat/${id}/` })).objects.map(({ key }) => key)).toEqual([`chat/${id}/${bad}`]);
  });

  it('still waits for a word where it was reported before anybody looked', async () => {
    await withSetting(false, async () => {
      const { a, g, id } = await pair();
      const mediaId = await uploaded(a, id, 'image', 'image/png', png(300, 300));
      const messageId = idIn<MessageId>(await sendImage(a, id, mediaId), 'message');
      const reported = await ask({ method: 'POST', path: `/chats/${id}/reports`, by: g, body: { reason: 'spam', messageId } });
      expect(reported.status).toBe(201);
      const waiting = await ask({ method: 'GET', path: '/admin/media?limit=100', by: await signIn('sam') });
      const ids = ((waiting.json?.items ?? []) as { media: { id: string } }[]).map(({ media }) => media.id);
      expect(ids).toContain(mediaId);
    });
  });

  it('reaches a room that could not be told, later', async () => {
    await withSetting(false, async () => {
      const { a, id } = await pair();
      const mediaId = await uploaded(a, id, 'image', 'image/png', png(300, 300));
      await sendImage(a, id, mediaId);
      // As after a crash between the row and the room.
      await bindings.DB.prepare("UPDATE chat_media SET state = 'passed', told = 0 WHERE id = ?").bind(mediaId).run();
      await tellDecided(contextNow());
      const read = await ask({ method: 'GET', path: `/chats/${id}/events`, by: a });
      expect(read.json?.items).toContainEqual(expect.objectContaining({ type: 'media', state: 'passed' }));
      expect(await bindings.DB.prepare('SELECT told FROM chat_media WHERE id = ?').bind(mediaId).first('told')).toBe(1);
    });
  });
});
