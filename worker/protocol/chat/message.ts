/** A message of a conversation, as it is sent and as both sides read it (realtime.md, "Chat"). */
import * as z from 'zod/mini';
import { callKind, callMedia, endReason } from '../call/call.ts';
import { callId, chatMediaId, messageId, userId } from '../ids.ts';
import { unitAmount } from '../money.ts';
import { timestamp } from '../time.ts';

/** What people write. */
export const MAX_TEXT = 4_000;
const text = z.string().check(z.trim(), z.minLength(1), z.maxLength(MAX_TEXT));
const caption = z.optional(z.string().check(z.trim(), z.maxLength(1_000)));
/** What is to be seen or heard, for who can't. */
const alt = z.optional(z.string().check(z.trim(), z.maxLength(500)));

/** Bodies a client may send, by kind. Media was uploaded before and is named here. */
export const textBody = z.strictObject({ text });
export const imageBody = z.strictObject({ mediaId: chatMediaId, alt, caption });
export const voiceBody = z.strictObject({ mediaId: chatMediaId, alt });
export const videoBody = z.strictObject({ mediaId: chatMediaId, alt, caption });
export const fileBody = z.strictObject({ mediaId: chatMediaId, name: z.string().check(z.trim(), z.minLength(1), z.maxLength(200)) });

/** Bodies that only the house sends. */
export const giftBody = z.object({ giftId: z.string(), name: z.string(), picture: z.nullable(z.string()) });
export const callBody = z.object({
  callId,
  media: callMedia,
  kind: callKind,
  callerId: userId,
  endReason,
  /** ms that both were connected; 0 for a call that was missed or declined. */
  connectedMs: z.int(),
  /** Who paid and what, who earned and what. */
  payerId: userId,
  paid: z.array(unitAmount),
  earned: z.array(unitAmount),
});
export const activityBody = z.object({ activityId: z.string(), name: z.string(), state: z.string() });
/** Something that happened to the conversation; clients have the words for `what`. */
export const systemBody = z.object({ what: z.string(), detail: z.record(z.string(), z.string()) });

/** Kinds a client may send. */
export const sentKind = z.enum(['text', 'image', 'voice', 'video', 'file']);
export type SentKind = z.infer<typeof sentKind>;
export const mediaKind = z.enum(['image', 'voice', 'video', 'file']);
export type MediaKind = z.infer<typeof mediaKind>;

/** `pending` until moderation has looked; the other side sees a placeholder before `passed` and for good after `refused`. */
export const mediaState = z.enum(['pending', 'passed', 'refused']);
export type MediaState = z.infer<typeof mediaState>;

/** What is known of a message's media, from its bytes. */
export const messageMedia = z.object({
  id: chatMediaId,
  kind: mediaKind,
  /** A MIME type, found in the bytes. */
  type: z.string(),
  bytes: z.int(),
  /** px; null for what has no picture. */
  width: z.nullable(z.int()),
  height: z.nullable(z.int()),
  /** ms; null for what does not last. */
  durationMs: z.nullable(z.int()),
  state: mediaState,
});
export type MessageMedia = z.infer<typeof messageMedia>;

const place = {
  id: messageId,
  seq: z.int(),
  /** Null for what the house says. */
  sender: z.nullable(userId),
  /** The sender's own name for it: with it a client finds what it sent before. */
  clientId: z.string(),
  at: timestamp,
  replyTo: z.nullable(messageId),
  editedAt: z.nullable(timestamp),
  /** When it was deleted; its body is empty then. */
  deletedAt: z.nullable(timestamp),
  /** True where a rule and no person wrote it; shown beside it always. */
  automatic: z.boolean(),
  /** What it cost its sender; null for what is free. */
  price: z.nullable(unitAmount),
  media: z.nullable(messageMedia),
};

/** Everybody's last reaction to a message. */
export const reactions = z.array(z.object({ userId, emoji: z.string() }));

/** `body` is null once the message is deleted. */
export const message = z.discriminatedUnion('kind', [
  z.object({ ...place, kind: z.literal('text'), body: z.nullable(z.object({ text: z.string() })), reactions }),
  z.object({ ...place, kind: z.literal('image'), body: z.nullable(z.object(imageBody.def.shape)), reactions }),
  z.object({ ...place, kind: z.literal('voice'), body: z.nullable(z.object(voiceBody.def.shape)), reactions }),
  z.object({ ...place, kind: z.literal('video'), body: z.nullable(z.object(videoBody.def.shape)), reactions }),
  z.object({ ...place, kind: z.literal('file'), body: z.nullable(z.object(fileBody.def.shape)), reactions }),
  z.object({ ...place, kind: z.literal('gift'), body: z.nullable(giftBody), reactions }),
  z.object({ ...place, kind: z.literal('call'), body: z.nullable(callBody), reactions }),
  z.object({ ...place, kind: z.literal('activity'), body: z.nullable(activityBody), reactions }),
  z.object({ ...place, kind: z.literal('system'), body: z.nullable(systemBody), reactions }),
]);
export type Message = z.infer<typeof message>;
export type MessageKind = Message['kind'];

/** The sender's name for a message: unique among their own in the conversation, for good. */
export const clientId = z.string().check(z.regex(/^[A-Za-z0-9_-]{8,64}$/, 'must be 8 to 64 letters, digits, - or _'));

/** What a client sends, over the socket and over HTTP alike. */
const sending = { clientId, replyTo: z.optional(messageId) };
export const sentMessage = z.discriminatedUnion('kind', [
  z.strictObject({ ...sending, kind: z.literal('text'), body: textBody }),
  z.strictObject({ ...sending, kind: z.literal('image'), body: imageBody }),
  z.strictObject({ ...sending, kind: z.literal('voice'), body: voiceBody }),
  z.strictObject({ ...sending, kind: z.literal('video'), body: videoBody }),
  z.strictObject({ ...sending, kind: z.literal('file'), body: fileBody }),
]);
export type SentMessage = z.infer<typeof sentMessage>;

/**
 * One emoji, whatever it is put together from: a flag, a key, or a picture with its colour and what is joined to it. And
 * nothing behind it: a reaction costs nothing, and so must not be a letter.
 */
const oneEmoji =
  /^(?:\p{RI}{2}|[#*0-9]\uFE0F?\u20E3|\u{1F3F4}[\u{E0061}-\u{E007A}]{4,6}\u{E007F}|\p{ExtPict}(?:\uFE0F|\p{EMod})?(?:\u200D\p{ExtPict}(?:\uFE0F|\p{EMod})?)*)$/u;
export const emoji = z.string().check(z.minLength(1), z.maxLength(32), z.regex(oneEmoji, 'must be one emoji'));
