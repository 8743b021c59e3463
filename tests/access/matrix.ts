/**
 * Who may do what to whose: one row for each endpoint of the contract. `matrix.workers.test.ts` asks each question and
 * fails where an endpoint has no row. Verdicts stand in the order of `askers`; `-` where there can be no such thing.
 */
import { credit, postOne, sourceOf } from '../../worker/domains/balance/service.ts';
import { deskStatements } from '../../worker/domains/chat/desk-service.ts';
import { noteTalk } from '../../worker/domains/interaction/service.ts';
import { consumeDeadLetters } from '../../worker/domains/notification/dead-letters.ts';
import { stopUrlOf } from '../../worker/domains/notification/words.ts';
import { bindAliases } from '../../worker/domains/payment/alias-store.ts';
import { insertEvent, keepDelivery, moveDelivery } from '../../worker/domains/payment/delivery-store.ts';
import { insertPayment } from '../../worker/domains/payment/payment-store.ts';
import { userById } from '../../worker/domains/user/service.ts';
import type { ChatId, Id } from '../../worker/protocol/ids.ts';
import { png } from '../pictures.ts';
import { absentId, aMinuteOn, ask, contextNow, type Device, hangUp, idIn, type Name, newKey, ring, signIn, signInAs } from './town.ts';

/** Who asks: nobody, then one person for each role. */
export const askers = ['anonymous', 'member', 'companion', 'supervisor', 'admin', 'superadmin'] as const;
export type Asker = (typeof askers)[number];
export const personOf: Readonly<Record<Exclude<Asker, 'anonymous'>, Name>> = {
  member: 'ada',
  companion: 'grace',
  supervisor: 'sam',
  admin: 'alex',
  superadmin: 'root',
};

export type Whose = 'own' | 'foreign' | 'absent';

/** Status, or status and code; `-`: does not exist. */
type Verdict = number | `${number} ${string}` | '-';
type Verdicts = readonly [Verdict, Verdict, Verdict, Verdict, Verdict, Verdict];

/** What a question is about and what is sent with it. */
export interface Wish {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Afterwards, so that the next question finds the town as it was. */
  readonly tidy?: () => Promise<unknown>;
}

/** @param by the asker's device, new for each question; undefined: anonymous */
type Make = (by: Device | undefined, whose: Whose) => Promise<Wish> | Wish;

export interface Row {
  readonly verdicts: Verdicts | Readonly<Partial<Record<Whose, Verdicts>>>;
  readonly make?: Make;
}

const NO = '401 unauthenticated';
const NOT_YOURS = '403 forbidden';
const NOTHING = '404 not_found';
/** A page for people that says so. */
const NO_PAGE = '404 without a code';

const anyone = (status: Verdict): Verdicts => [status, status, status, status, status, status];
const signedIn = (status: Verdict): Verdicts => [NO, status, status, status, status, status];
const members = (status: Verdict): Verdicts => [NO, status, NOT_YOURS, NOT_YOURS, NOT_YOURS, NOT_YOURS];
const companions = (status: Verdict): Verdicts => [NO, NOT_YOURS, status, NOT_YOURS, NOT_YOURS, NOT_YOURS];
const staff = (status: Verdict): Verdicts => [NO, NOT_YOURS, NOT_YOURS, status, status, status];
const chatters = (status: Verdict): Verdicts => [NO, status, status, NOT_YOURS, NOT_YOURS, NOT_YOURS];
const noMember = (status: Verdict): Verdicts => [NO, NOT_YOURS, status, status, status, status];
const superadmins = (status: Verdict): Verdicts => [NO, NOT_YOURS, NOT_YOURS, NOT_YOURS, NOT_YOURS, status];
const admins = (status: Verdict): Verdicts => [NO, NOT_YOURS, NOT_YOURS, NOT_YOURS, status, status];

const send =
  (body: unknown, query = ''): Make =>
  () => ({ body, query });

/** A call that rings between the asker and their usual other; between two others; none. */
const aCall: Make = async (_by, whose) => {
  if (whose === 'absent') return { params: { id: absentId('call') } };
  const [caller, callee] = whose === 'own' ? (['ada', 'grace'] as const) : (['dora', 'hugo'] as const);
  const [from, to] = [await signIn(caller), await signIn(callee)];
  const id = await ring(from, to.userId);
  return { params: { id }, tidy: () => hangUp(from, id) };
};

/** A member, and the model they don't pay by now; none. */
async function whoMoves(whose: Whose): Promise<{ id: string; to: string }> {
  if (whose === 'absent') return { id: absentId('usr'), to: 'moments' };
  const { userId } = await signIn('dora');
  return { id: userId, to: (await userById(contextNow(), userId))?.monetizationVersion === 'moments' ? 'tokens' : 'moments' };
}

/** A job that does next to nothing, or none. */
const aJob =
  (wish: Wish): Make =>
  (_by, whose) => ({ ...wish, params: { name: whose === 'absent' ? 'timetable.nothing' : 'timetable.forget_old' } });

/** A call that is over. */
const anEndedCall: Make = async (by, whose) => {
  const { tidy, ...wish } = await aCall(by, whose);
  await tidy?.();
  return wish;
};

/** A talk that ended a moment ago, between Ada and Grace or between two others. */
const aTalk =
  (body: unknown): Make =>
  async (_by, whose) => {
    const callId = absentId('call');
    if (whose === 'absent') return { params: { id: callId }, body };
    const [member, companion] = whose === 'own' ? (['ada', 'grace'] as const) : (['dora', 'hugo'] as const);
    const [memberId, companionId] = [(await signIn(member)).userId, (await signIn(companion)).userId];
    const endedAt = Date.now();
    const facts = { at: endedAt - 9_000, endedAt, connectedMs: 8_000, media: 'audio' as const };
    await noteTalk(contextNow(), { callId, memberId, companionId, ...facts });
    return { params: { id: callId }, body };
  };

const somebody = (role: 'member' | 'companion'): Promise<Device> => signInAs(`${crypto.randomUUID()}@demo.test`, role);

/** A member with whom Grace has talked, or only Hugo. */
const aMember =
  (body?: unknown): Make =>
  async (_by, whose) => {
    if (whose === 'absent') return { params: { userId: absentId('usr') }, body };
    const [{ userId }, companion] = [await somebody('member'), await signIn(whose === 'own' ? 'grace' : 'hugo')];
    const endedAt = Date.now();
    const facts = { at: endedAt - 9_000, endedAt, connectedMs: 8_000, media: 'audio' as const };
    await noteTalk(contextNow(), { callId: absentId('call'), memberId: userId, companionId: companion.userId, ...facts });
    return { params: { userId }, body };
  };

/** A message that was given up. */
async function aDeadLetter(): Promise<string> {
  const id = crypto.randomUUID();
  const message = { kind: 'call_over', id: absentId('ntf'), userId: absentId('usr'), callId: absentId('call') };
  await consumeDeadLetters(contextNow(), message, 1, id);
  return id;
}

/** Something that a source of payments told and that can't be processed. */
async function aPaymentEvent(): Promise<Id<'pev'>> {
  const ctx = contextNow();
  const id = absentId('pev');
  const row = { id, source: 'stripe', sourceEventId: id, sentBy: null, raw: '{}', receivedAt: ctx.now } as const;
  await keepDelivery(ctx.env.DB, row);
  await moveDelivery(ctx.env.DB, id, { state: 'dead', reason: 'unreadable', note: null, changedAt: ctx.now });
  return id;
}

/** What the asker bought, somebody else did, or nobody. */
const aPurchase =
  (body: unknown): Make =>
  async (by, whose) => {
    const id = absentId('pur');
    if (whose === 'absent') return { params: { id }, body };
    const ctx = contextNow();
    const { userId } = (whose === 'own' && by) || (await somebody('member'));
    const eventId = await aPaymentEvent();
    const paid = { store: 'stripe', money: { amount: 499, currency: 'EUR' }, occurredAt: ctx.now } as const;
    await insertEvent(ctx.env.DB, eventId, {
      ...paid,
      source: 'stripe',
      sourceEventId: eventId,
      kind: 'purchase',
      storeTransactionId: id,
      storeRefundId: null,
      storeSubscriptionId: null,
      customerRefs: [],
      productRef: null,
      period: null,
      signedByStore: true,
    });
    const granted = { product: 'coins-100', unit: 'COIN', granted: 100 } as const;
    await insertPayment(ctx.env.DB, { id, eventId, userId, transactionId: id, subscriptionRef: null, ...paid, ...granted }, ctx.now);
    return { params: { id }, body };
  };

/** A customer at Stripe who is somebody, or nobody. */
const anAlias: Make = async (_by, whose) => {
  const [value, ctx] = [`cus_${crypto.randomUUID()}`, contextNow()];
  const owner = (await somebody('member')).userId;
  if (whose !== 'absent') await bindAliases(ctx.env.DB, [{ kind: 'stripe_customer', value }], owner, ctx.now);
  const { userId } = await somebody('member');
  return { body: { kind: 'stripe_customer', value, to: userId, reason: 'They asked for it' }, query: `?value=${value}` };
};

/** A note that Grace wrote, or Hugo. */
const aNote =
  (body?: unknown): Make =>
  async (by, whose) => {
    if (whose === 'absent') return { params: { id: absentId('note') }, body };
    const { params } = await aMember()(by, whose);
    const writer = await signIn(whose === 'own' ? 'grace' : 'hugo');
    const kept = await ask({ method: 'POST', path: `/members/${params?.userId}/notes`, by: writer, body: { kind: 'fact', text: 'Tea' } });
    return { params: { id: idIn(kept, 'note') }, body };
  };

/** A conversation that Grace answers, or Hugo. */
const onTheDesk =
  (body?: unknown): Make =>
  async (_by, whose) => {
    const id = absentId('chat');
    if (whose === 'absent') return { params: { id }, body };
    const ctx = contextNow();
    const pair = { memberId: (await somebody('member')).userId, companionId: (await signIn(whose === 'own' ? 'grace' : 'hugo')).userId };
    const news = { chatId: id, seq: 1, at: ctx.now, last: null, waitingSince: ctx.now, people: [] };
    await ctx.env.DB.batch(deskStatements(ctx, news, pair));
    return { params: { id }, body };
  };

/** A reply of the asker, or of somebody else. */
const aReply =
  (body?: unknown): Make =>
  async (by, whose) => {
    if (whose === 'absent') return { params: { id: absentId('rpl') }, body };
    const owner = whose === 'own' && by ? by : await somebody('companion');
    const word = `m${crypto.randomUUID().slice(0, 8)}`;
    return {
      params: { id: idIn(await ask({ method: 'POST', path: '/desk-replies', by: owner, body: { word, text: 'Hello' } }), 'reply') },
      body,
    };
  };

/** The conversation of Ada and Grace, or of Dora and Hugo. */
const aChat =
  (body?: unknown, query = ''): Make =>
  async (_by, whose) => ({ params: { id: whose === 'absent' ? absentId('chat') : await chatOf(whose) }, body, query });

const inChat = (whose: Whose) => (whose === 'own' ? (['ada', 'grace'] as const) : (['dora', 'hugo'] as const));

async function chatOf(whose: Whose): Promise<ChatId> {
  const [from, to] = inChat(whose);
  const peerId = (await signIn(to)).userId;
  return idIn(await ask({ method: 'POST', path: '/chats', by: await signIn(from), body: { peerId } }), 'chat');
}

/** Both conversations with a first message, told of to the lists: calls between the same two add nothing to the tables any more. */
export async function openConversations(): Promise<void> {
  for (const whose of ['own', 'foreign'] as const) await aMessage(undefined, whose);
}

/** A letter as a client sends it over HTTP. */
const letter = (kind: string, body: object) => {
  const clientId = crypto.randomUUID();
  return { body: { clientId, kind, body }, headers: { 'Idempotency-Key': clientId } };
};

/** A message of such a conversation. */
const aMessage: Make = async (_by, whose) => {
  if (whose === 'absent') return { params: { id: await chatOf('own'), messageId: absentId('msg') } };
  const id = await chatOf(whose);
  const sent = letter('text', { text: 'of the matrix' });
  const answer = await ask({ method: 'POST', path: `/chats/${id}/messages`, by: await signIn(inChat(whose)[0]), ...sent });
  await aMinuteOn(id);
  return { params: { id, messageId: idIn(answer, 'message') } };
};

/** Leave to upload a picture there. */
async function aLeave(whose: Whose): Promise<{ id: ChatId; mediaId: string; path: string; token: string }> {
  const [id, by, picture] = [await chatOf(whose), await signIn(inChat(whose)[0]), png(300, 300)];
  const body = { kind: 'image', type: 'image/png', bytes: picture.length };
  const { json } = await ask({ method: 'POST', path: `/chats/${id}/media`, by, body });
  const { mediaId, upload } = json as { mediaId: string; upload: { url: string } };
  return { id, mediaId, path: upload.url.replace('/api/v1', ''), token: upload.url.split('/').at(-1) ?? '' };
}

/** A link that waits: claimed by nobody, or by somebody else. */
const aDeferredLink: Make = async (_by, whose) => {
  if (whose === 'absent') return { body: { code: 'ZZZZZZZZ' } };
  const { json } = await ask({ method: 'POST', path: '/links/deferred', body: { link: '/go/wallet' } });
  const { code } = (json as { deferred: { code: string } }).deferred;
  if (whose === 'foreign') await ask({ method: 'POST', path: '/links/claim', by: await signIn('dora'), body: { code } });
  return { body: { code } };
};

/** A picture that was sent there. */
const aMedium =
  (body?: unknown): Make =>
  async (_by, whose) => {
    if (whose === 'absent') return { params: { id: await chatOf('own'), mediaId: absentId('cmd') }, body };
    const { id, mediaId, path } = await aLeave(whose);
    await ask({ method: 'PUT', path, body: png(300, 300) });
    await ask({ method: 'POST', path: `/chats/${id}/messages`, by: await signIn(inChat(whose)[0]), ...letter('image', { mediaId }) });
    await aMinuteOn(id);
    return { params: { id, mediaId }, body };
  };

const opening = {
  name: 'of the access matrix',
  event: 'sign_up',
  templates: { en: 'Good day, {member}!' },
  cohort: { languages: ['xx'], plans: [] },
  companions: { choice: 'by_language' },
  delayMinutes: 0,
  perCompanionDay: 1,
  enabled: false,
};

/** A rule that opens conversations. */
const anOpeningRule: Make = async (_by, whose) => {
  const body = { seenChangedAt: '2026-01-01T00:00:00.000Z', enabled: false };
  if (whose === 'absent') return { params: { id: absentId('opr') }, body };
  const { json } = await ask({ method: 'POST', path: '/admin/opening-rules', by: await signIn('root'), body: opening });
  const { id, changedAt } = (json?.rule ?? {}) as { id: string; changedAt: string };
  return { params: { id }, body: { ...body, seenChangedAt: changedAt } };
};

/** Somebody who takes calls and messages. */
const aCompanion: Make = async (_by, whose) => ({
  params: { userId: whose === 'absent' ? absentId('usr') : (await signIn('hugo')).userId },
});

/** A private photo of the asker, or of somebody else. */
const aPhoto: Make = async (by, whose) => {
  if (whose === 'absent') return { params: { id: absentId('pho') }, body: {} };
  const owner = whose === 'own' && by ? by : await signInAs(`${crypto.randomUUID()}@demo.test`, 'member');
  const id = idIn(await ask({ method: 'POST', path: '/me/photos', by: owner, body: png(300, 300) }), 'photo');
  return { params: { id }, body: {}, tidy: () => ask({ method: 'DELETE', path: `/me/photos/${id}`, by: owner }) };
};

const phone = () => ({ platform: 'fcm', token: crypto.randomUUID() });

/** A device of the asker that takes push messages, or of somebody else. */
const aPushDevice: Make = async (by, whose) => {
  if (whose === 'absent') return { params: { id: absentId('dev') } };
  const owner = whose === 'own' && by ? by : await somebody('member');
  return { params: { id: idIn(await ask({ method: 'PUT', path: '/me/push-devices', by: owner, body: phone() }), 'device') } };
};

/** Something that Grace earned, or Hugo. */
const anEarning: Make = async (_by, whose) => {
  if (whose === 'absent') return { params: { id: absentId('pst') } };
  const { userId } = await signIn(whose === 'own' ? 'grace' : 'hugo');
  const ctx = contextNow();
  const owner = { userId, shard: (await userById(ctx, userId))?.ledgerShard ?? 0 };
  const key = `seed:${crypto.randomUUID()}`;
  const moves = [credit(owner, 'EARN', sourceOf('EARN'), 5)];
  const answer = await postOne(ctx, { owner, key, kind: 'seed', ref: key, actor: 'system', eventAt: ctx.now, moves, intent: { key } });
  if (answer.outcome !== 'posted') throw new Error(answer.outcome);
  return { params: { id: answer.posting.id } };
};

/** A person of no interest to the other questions. */
const aPerson: Make = async (by, whose) => {
  if (whose === 'absent') return { params: { userId: absentId('usr') } };
  const other = whose === 'own' && by ? by : await signInAs(`${crypto.randomUUID()}@demo.test`, 'member');
  return { params: { userId: other.userId } };
};

const aPersonById: Make = async (by, whose) => {
  const { params } = await aPerson(by, whose);
  return { params: { id: params?.userId ?? '' } };
};

const terms = {
  name: 'of the access matrix',
  match: { cohort: 'nobody' },
  parties: [{ party: 'payer', unit: 'COIN', direction: 'debit', checkpoints: [{ atSeconds: 60, amount: 1 }], then: null }],
};

const aDraft: Make = async (_by, whose) => {
  if (whose === 'absent') return { params: { id: absentId('tar') } };
  const by = await signIn(whose === 'own' ? 'alex' : 'root');
  return { params: { id: idIn(await ask({ method: 'POST', path: '/admin/tariffs', by, body: terms }), 'tariff') } };
};

const aTemplate = {
  kind: 'chat.message',
  channel: 'push',
  texts: { en: { title: '{{name}}', body: 'Wrote to you.' }, de: { title: '{{name}}', body: 'Hat Ihnen geschrieben.' } },
};

/** The way to stop news by mail, as a mail has it, or one that leads nowhere. */
const aStopLink: Make = async (_by, whose) => {
  const mail = { address: 'reader@demo.test', group: 'news', language: 'en' } as const;
  const url = whose === 'absent' ? 'https://api.test/?leave=none' : await stopUrlOf(contextNow().env, mail);
  return {
    query: new URL(url ?? '').search,
    body: new TextEncoder().encode('List-Unsubscribe=One-Click'),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  };
};

const aDraftOfWords: Make = async (_by, whose) => {
  if (whose === 'absent') return { params: { id: absentId('ntt') } };
  const by = await signIn(whose === 'own' ? 'alex' : 'root');
  return { params: { id: idIn(await ask({ method: 'POST', path: '/admin/notification-templates', by, body: aTemplate }), 'template') } };
};

/** An adjustment above the limit, asked for by the asker or by another admin. */
const anApproval: Make = async (by, whose) => {
  const body = { approve: false };
  if (whose === 'absent') return { params: { id: absentId('apr') }, body };
  const asker = whose === 'own' && by ? by : await signInAs('another-admin@demo.test', 'admin');
  const { userId } = await signIn('dora');
  const order = { userId, unit: 'COIN', amount: 90_000_000, reason: 'above every limit' };
  const { json } = await ask({ method: 'POST', path: '/admin/adjustments', by: asker, body: order, headers: newKey() });
  return { params: { id: String(json?.approvalId) }, body };
};

/** Both parties read their call; of the staff those who may read any; all others find nothing. */
const readOfCall: Row['verdicts'] = {
  own: [NO, 200, 200, '-', '-', '-'],
  foreign: [NO, NOTHING, NOTHING, 200, 200, 200],
  absent: signedIn(NOTHING),
};

/** Grace is back at work for the next question. */
const backAtWork: Make = () => ({ tidy: async () => ask({ method: 'POST', path: '/me/shift/resume', by: await signIn('grace') }) });

/** A product of the demo catalogue, or none. */
const aProduct =
  (body?: unknown): Make =>
  (_by, whose) => ({ params: { id: whose === 'absent' ? 'no-such-thing' : 'coins-300' }, body });

/** A price that has not ended, or none. */
const aPrice: Make = async (_by, whose) => {
  if (whose === 'absent') return { params: { id: absentId('pri') }, body: {} };
  const storeRef = crypto.randomUUID();
  const body = { platform: 'web', storeRef, currency: 'EUR', amount: 1, activeFrom: '2099-01-01T00:00:00.000Z' };
  const { json } = await ask({ method: 'POST', path: '/admin/products/coins-300/prices', by: await signIn('alex'), body });
  const made = json as { product: { prices: { id: string; storeRef: string }[] } } | undefined;
  return { params: { id: made?.product.prices.find((price) => price.storeRef === storeRef)?.id ?? '' }, body: {} };
};

/** The id of a price that the member is offered. */
async function somePriceId(by: Device): Promise<string> {
  const { json } = await ask({ method: 'GET', path: '/shop?platform=web', by });
  const { shop } = json as unknown as { shop: { offers: { priceId: string }[] } };
  return shop.offers[0]?.priceId ?? '';
}

/** A payment that Ada began, or Dora. */
const anIntent: Make = async (_by, whose) => {
  if (whose === 'absent') return { params: { id: absentId('pin') } };
  const buyer = await signIn(whose === 'own' ? 'ada' : 'dora');
  const body = { priceId: await somePriceId(buyer) };
  const begun = await ask({ method: 'POST', path: '/shop/checkouts', by: buyer, body, headers: newKey() });
  return { params: { id: idIn(begun, 'intent') } };
};

const somePlan = { name: 'Premium', rank: 2, dailySeconds: 7_200, dailyMessages: 1_000, overage: 'coins' };
/** Plans have a place each. */
let plansMade = 0;

const newName = (): string => `m${crypto.randomUUID().slice(0, 8)}`;

export const matrix: Readonly<Record<string, Row>> = {
  readHealth: { verdicts: anyone(200) },

  startOtp: { verdicts: anyone(202), make: () => ({ body: { email: `${crypto.randomUUID()}@demo.test` } }) },
  verifyOtp: { verdicts: anyone('400 code_invalid'), make: () => ({ body: { challengeId: absentId('otp'), code: '000000' } }) },
  // No Firebase project is configured here.
  signInWithFirebase: { verdicts: anyone(NOTHING), make: send({ idToken: 'x.y.z' }) },
  refreshTokens: {
    verdicts: { own: ['-', 200, 200, 200, 200, 200], absent: anyone(NO) },
    make: (by, whose) => ({ body: { refreshToken: whose === 'own' ? by?.refreshToken : 'nobody-s-token' } }),
  },
  signOut: { verdicts: signedIn(204) },
  listSessions: { verdicts: signedIn(200) },
  revokeSession: {
    verdicts: { own: ['-', 204, 204, 204, 204, 204], foreign: signedIn(NOTHING), absent: signedIn(NOTHING) },
    make: async (by, whose) => {
      if (whose === 'absent') return { params: { id: absentId('ses') } };
      return { params: { id: (whose === 'own' && by ? by : await signIn('dora')).sessionId } };
    },
  },
  issueTicket: { verdicts: signedIn(201), make: send({ scope: 'hub' }) },

  readMe: { verdicts: signedIn(200) },
  changeMe: { verdicts: signedIn(200), make: send({ public: { about: 'Asked by the access matrix.' } }) },
  readBalance: { verdicts: signedIn(200) },
  readBalanceEvents: { verdicts: signedIn(200) },
  readMeans: { verdicts: signedIn(200) },
  topUp: { verdicts: members(201), make: send({ amount: 1 }) },
  readShift: { verdicts: companions(200) },
  startShift: { verdicts: companions(200) },
  endShift: {
    verdicts: companions(200),
    make: () => ({ tidy: async () => ask({ method: 'POST', path: '/me/shift/start', by: await signIn('grace') }) }),
  },
  startBreak: { verdicts: companions(200), make: backAtWork },
  endBreak: { verdicts: companions(200) },
  readHours: { verdicts: companions(200) },
  changeHours: { verdicts: companions(200), make: send({ items: [{ weekday: 1, from: '09:00', to: '17:00' }] }) },
  readEarnings: { verdicts: companions(200) },
  listEarnings: { verdicts: companions(200) },
  explainEarning: {
    verdicts: {
      own: [NO, NOT_YOURS, 200, '-', '-', '-'],
      foreign: [NO, NOT_YOURS, NOTHING, NOT_YOURS, NOT_YOURS, NOT_YOURS],
      absent: [NO, NOT_YOURS, NOTHING, NOT_YOURS, NOT_YOURS, NOT_YOURS],
    },
    make: anEarning,
  },

  registerPushDevice: { verdicts: signedIn(200), make: () => ({ body: phone() }) },
  listPushDevices: { verdicts: signedIn(200) },
  removePushDevice: {
    verdicts: { own: ['-', 204, 204, 204, 204, 204], foreign: signedIn(NOTHING), absent: signedIn(NOTHING) },
    make: aPushDevice,
  },
  readPushConfig: { verdicts: signedIn(200) },

  addPhoto: { verdicts: signedIn(201), make: () => ({ body: png(300, 300) }) },
  listPhotos: { verdicts: signedIn(200) },
  changePhoto: { verdicts: { own: ['-', 200, 200, 200, 200, 200], foreign: signedIn(NOTHING), absent: signedIn(NOTHING) }, make: aPhoto },
  removePhoto: {
    verdicts: { own: ['-', 204, 204, 204, 204, 204], foreign: signedIn(NOTHING), absent: signedIn(NOTHING) },
    make: async (by, whose) => ({ params: (await aPhoto(by, whose)).params ?? {} }),
  },
  // Private ones; a public, approved one is anybody's to see.
  readMedia: {
    verdicts: { own: ['-', 200, 200, 200, 200, 200], foreign: anyone(NOTHING), absent: anyone(NOTHING) },
    make: async (by, whose) => {
      const { body: _, ...wish } = await aPhoto(by, whose);
      return wish;
    },
  },

  listBlocks: { verdicts: signedIn(200) },
  blockPerson: {
    verdicts: {
      own: [
        '-',
        '400 validation_failed',
        '400 validation_failed',
        '400 validation_failed',
        '400 validation_failed',
        '400 validation_failed',
      ],
      foreign: signedIn(200),
      absent: signedIn(NOTHING),
    },
    make: async (by, whose) => ({ ...(await aPerson(by, whose)), body: { reason: 'spam' } }),
  },
  // Taking back a block that is not there changes nothing, whoever it would have been of.
  unblockPerson: { verdicts: { foreign: signedIn(204), absent: signedIn(204) }, make: aPerson },

  readGallery: { verdicts: signedIn(200) },
  readPerson: {
    verdicts: { foreign: signedIn(200), absent: signedIn(NOTHING) },
    make: async (_by, whose) => ({ params: { id: whose === 'absent' ? absentId('usr') : (await signIn('hugo')).userId } }),
  },

  readOpening: { verdicts: signedIn(200) },

  placeCall: {
    verdicts: {
      foreign: [NO, 201, '409 callee_unavailable', NOT_YOURS, NOT_YOURS, NOT_YOURS],
      absent: [NO, NOTHING, NOTHING, NOT_YOURS, NOT_YOURS, NOT_YOURS],
    },
    make: async (by, whose) => {
      const calleeId = whose === 'absent' ? absentId('usr') : (await signIn('hugo')).userId;
      return { body: { calleeId, media: 'audio' }, tidy: () => endAll(by) };
    },
  },
  // Only a call that ran out of balance goes on, and only its payer may say so.
  resumeCall: {
    verdicts: {
      own: [NO, '409 call_ended', NOT_YOURS, '-', '-', '-'],
      foreign: [NO, NOTHING, NOTHING, NOT_YOURS, NOT_YOURS, NOT_YOURS],
      absent: [NO, NOTHING, NOTHING, NOT_YOURS, NOT_YOURS, NOT_YOURS],
    },
    make: anEndedCall,
  },
  acceptCall: { verdicts: ofCall(NOT_YOURS, 200), make: aCall },
  // A caller who says “not now” cancels.
  declineCall: { verdicts: ofCall(200, 200), make: aCall },
  endCall: { verdicts: ofCall(200, 200), make: aCall },
  readCall: { verdicts: readOfCall, make: aCall },
  listCalls: { verdicts: signedIn(200) },
  markCallsSeen: { verdicts: [NO, 200, 200, NOT_YOURS, NOT_YOURS, NOT_YOURS], make: send({}) },
  // Staff read the timeline; the story is for the two.
  readStory: { verdicts: { own: [NO, 200, 200, '-', '-', '-'], foreign: signedIn(NOTHING), absent: signedIn(NOTHING) }, make: anEndedCall },
  rateCall: {
    verdicts: {
      own: [NO, 200, NOT_YOURS, '-', '-', '-'],
      foreign: members(NOTHING),
      absent: members(NOTHING),
    },
    make: aTalk({ stars: 5 }),
  },
  wrapUpCall: {
    verdicts: {
      own: [NO, NOT_YOURS, 200, '-', '-', '-'],
      foreign: companions(NOTHING),
      absent: companions(NOTHING),
    },
    make: aTalk({ note: 'of the matrix' }),
  },
  complainOfCall: {
    verdicts: ofCall(201, 201),
    make: async (by, whose) => ({ ...(await anEndedCall(by, whose)), body: { reason: 'other', text: 'of the matrix' } }),
  },
  complainOfPurchase: {
    verdicts: { own: members(201), foreign: members(NOTHING), absent: members(NOTHING) },
    make: aPurchase({ reason: 'other', text: 'of the matrix' }),
  },
  listPurchaseComplaints: { verdicts: members(200) },
  readAfterCall: {
    verdicts: { own: [NO, 200, 200, '-', '-', '-'], foreign: signedIn(NOTHING), absent: signedIn(NOTHING) },
    make: anEndedCall,
  },

  listNotes: {
    verdicts: {
      own: [NO, NOT_YOURS, 200, '-', '-', '-'],
      foreign: [NO, NOT_YOURS, NOTHING, 200, 200, 200],
      absent: noMember(NOTHING),
    },
    make: aMember(),
  },
  addNote: {
    verdicts: { own: [NO, NOT_YOURS, 201, '-', '-', '-'], foreign: companions(NOTHING), absent: companions(NOTHING) },
    make: aMember({ kind: 'fact', text: 'Likes tea' }),
  },
  writeHandover: {
    verdicts: { own: [NO, NOT_YOURS, 200, '-', '-', '-'], foreign: companions(NOTHING), absent: companions(NOTHING) },
    make: aMember({ version: 0, text: 'Begin with the weather' }),
  },
  changeNote: {
    verdicts: { own: [NO, NOT_YOURS, 200, '-', '-', '-'], foreign: companions(NOTHING), absent: companions(NOTHING) },
    make: aNote({ version: 1, text: 'Likes coffee' }),
  },
  removeNote: {
    verdicts: { own: [NO, NOT_YOURS, 204, '-', '-', '-'], foreign: companions(NOTHING), absent: companions(NOTHING) },
    make: aNote(),
  },
  readNoteHistory: {
    verdicts: {
      own: [NO, NOT_YOURS, 200, '-', '-', '-'],
      foreign: [NO, NOT_YOURS, NOTHING, 200, 200, 200],
      absent: noMember(NOTHING),
    },
    make: aNote(),
  },

  readDesk: { verdicts: companions(200), make: send(undefined, '?list=waiting&limit=5') },
  readDeskConversation: {
    verdicts: { own: [NO, NOT_YOURS, 200, '-', '-', '-'], foreign: companions(NOTHING), absent: companions(NOTHING) },
    make: onTheDesk(),
  },
  // Who comes too late learns who has it.
  takeConversation: {
    verdicts: { own: [NO, NOT_YOURS, 200, '-', '-', '-'], foreign: companions('409 taken'), absent: companions(NOTHING) },
    make: onTheDesk(),
  },
  transferConversation: {
    verdicts: { own: [NO, NOT_YOURS, 200, '-', '-', '-'], foreign: companions('409 taken'), absent: companions(NOTHING) },
    make: onTheDesk({ to: null, note: 'of the matrix' }),
  },
  listColleagues: {
    verdicts: { own: [NO, NOT_YOURS, 200, '-', '-', '-'], foreign: companions(NOTHING), absent: companions(NOTHING) },
    make: onTheDesk(),
  },
  listReplies: { verdicts: noMember(200) },
  addReply: { verdicts: noMember(201), make: () => ({ body: { word: `m${crypto.randomUUID().slice(0, 8)}`, text: 'Hello' } }) },
  changeReply: {
    verdicts: { own: ['-', '-', 200, 200, 200, 200], foreign: noMember(NOTHING), absent: noMember(NOTHING) },
    make: aReply({ text: 'Good morning' }),
  },
  removeReply: {
    verdicts: { own: ['-', '-', 204, 204, 204, 204], foreign: noMember(NOTHING), absent: noMember(NOTHING) },
    make: aReply(),
  },

  openChat: {
    verdicts: {
      own: [NO, 201, 201, '-', '-', '-'],
      foreign: [NO, 201, NOTHING, NOT_YOURS, NOT_YOURS, NOT_YOURS],
      absent: chatters(NOTHING),
    },
    make: async (by, whose) => {
      if (whose === 'absent') return { body: { peerId: absentId('usr') } };
      await chatOf('own');
      const [ada, grace, hugo] = [await signIn('ada'), await signIn('grace'), await signIn('hugo')];
      const other = by?.userId === ada.userId ? grace : ada;
      return { body: { peerId: (whose === 'own' ? other : hugo).userId } };
    },
  },
  listChats: { verdicts: chatters(200) },
  readChat: { verdicts: ofChat(200), make: aChat() },
  changeChat: { verdicts: ofChat(200), make: aChat({ draft: 'of the matrix' }) },
  readChatEvents: { verdicts: ofChat(200), make: aChat() },
  sendMessage: {
    verdicts: ofChat(201),
    make: async (by, whose) => ({ ...(await aChat()(by, whose)), ...letter('text', { text: 'of the matrix' }) }),
  },
  searchChat: { verdicts: ofChat(200), make: aChat(undefined, '?q=matrix') },
  searchChats: { verdicts: chatters(200), make: send(undefined, '?q=matrix') },
  favouriteMessage: { verdicts: ofChat(204), make: aMessage },
  unfavouriteMessage: {
    // Taking away what was no favourite changes nothing; somebody else's conversation is not there.
    verdicts: { own: [NO, 204, 204, '-', '-', '-'], foreign: chatters(NOTHING), absent: chatters(204) },
    make: aMessage,
  },
  listFavouriteMessages: { verdicts: chatters(200) },
  askUpload: { verdicts: ofChat(201), make: aChat({ kind: 'image', type: 'image/png', bytes: 1_000 }) },
  // The address is the leave.
  uploadChatMedia: {
    verdicts: { foreign: anyone(200), absent: anyone(NOTHING) },
    make: async (_by, whose) => ({ params: { token: whose === 'absent' ? 'x.y.z' : (await aLeave('own')).token }, body: png(300, 300) }),
  },
  readChatMedia: { verdicts: ofChat(200), make: aMedium() },
  reportChat: { verdicts: ofChat(201), make: aChat({ reason: 'other', text: 'of the matrix' }) },

  keepFavorite: { verdicts: { foreign: members(200), absent: members(NOTHING) }, make: aCompanion },
  dropFavorite: { verdicts: { foreign: members(204), absent: members(204) }, make: aCompanion },
  listFavorites: { verdicts: members(200) },

  listCases: { verdicts: staff(200), make: send(undefined, '?state=open&source=report&limit=5') },
  listWaitingMedia: { verdicts: staff(200) },
  lookAtMedia: { verdicts: { foreign: staff(200), absent: staff(NOTHING) }, make: aMedium() },
  decideMedia: { verdicts: { foreign: staff(200), absent: staff(NOTHING) }, make: aMedium({ state: 'passed' }) },
  listOpeningRules: { verdicts: staff(200) },
  addOpeningRule: { verdicts: admins(201), make: send(opening) },
  changeOpeningRule: { verdicts: { foreign: admins(200), absent: admins(NOTHING) }, make: anOpeningRule },

  readReceipt: { verdicts: readOfCall, make: anEndedCall },
  readTimeline: { verdicts: readOfCall, make: aCall },

  listAllCalls: { verdicts: staff(200), make: () => ({ query: '?state=running&limit=5' }) },
  readAnyCall: { verdicts: { foreign: staff(200), absent: staff(NOTHING) }, make: aCall },
  stopCall: {
    verdicts: { foreign: staff(200), absent: staff(NOTHING) },
    make: async (by, whose) => ({ ...(await aCall(by, whose)), body: { reason: 'of the matrix' } }),
  },
  searchPeople: { verdicts: staff(200), make: () => ({ query: '?search=ada' }) },
  readAnyone: { verdicts: { foreign: staff(200), absent: staff(NOTHING) }, make: aPersonById },
  listBalanceEventsOf: { verdicts: { foreign: staff(200), absent: staff(NOTHING) }, make: aPersonById },
  listCallsOf: { verdicts: { foreign: staff(200), absent: staff(NOTHING) }, make: aPersonById },
  revokeSessionsOf: {
    verdicts: { foreign: admins(200), absent: admins(NOTHING) },
    make: async (by, whose) => ({ ...(await aPersonById(by, whose)), body: { reason: 'of the matrix' } }),
  },

  readMailOf: { verdicts: { foreign: staff(200), absent: staff(NOTHING) }, make: aPersonById },
  liftBounce: {
    verdicts: { foreign: admins(200), absent: admins(NOTHING) },
    make: async (by, whose) => ({ ...(await aPersonById(by, whose)), body: { reason: 'of the matrix' } }),
  },

  // Whatever stands in the link: the state in the answer says whose it is (worker/domains/ads/links.workers.test.ts).
  resolveLink: { verdicts: signedIn(200), make: () => ({ query: `?link=/go/chat/${absentId('chat')}` }) },
  deferLink: { verdicts: anyone(201), make: send({ link: '/go/wallet?utm_source=matrix' }) },
  claimLink: {
    verdicts: { own: ['-', 200, 200, 200, 200, 200], foreign: signedIn(NOTHING), absent: signedIn(NOTHING) },
    make: aDeferredLink,
  },
  keepCampaign: {
    verdicts: signedIn(200),
    make: () => ({
      body: { touches: [{ campaign: { utm_source: 'matrix' }, at: new Date().toISOString(), landing: 'chat', referrer: 'example.test' }] },
    }),
  },
  readCampaign: { verdicts: signedIn(200) },
  forgetCampaign: { verdicts: signedIn(204) },

  listTariffs: { verdicts: staff(200) },
  readTariff: { verdicts: { foreign: staff(200), absent: staff(NOTHING) }, make: aDraft },
  draftTariff: { verdicts: admins(201), make: send(terms) },
  publishTariff: { verdicts: { own: ['-', '-', '-', '-', 200, '-'], foreign: admins(200), absent: admins(NOTHING) }, make: aDraft },
  retireTariff: { verdicts: { own: ['-', '-', '-', '-', 200, '-'], foreign: admins(200), absent: admins(NOTHING) }, make: aDraft },
  replayTariff: {
    verdicts: { foreign: staff(200), absent: staff(NOTHING) },
    make: (_by, whose) => ({
      body: { tariff: terms, since: '2026-01-01T00:00:00.000Z', ...(whose === 'absent' ? { replaces: absentId('tar') } : {}) },
    }),
  },
  previewTariff: { verdicts: staff(200), make: send({ tariff: terms, durationSeconds: 60 }) },

  receiveMailEvents: { verdicts: anyone(NOT_YOURS), make: send([]) },
  readMailStop: {
    verdicts: { own: anyone(200), absent: anyone(NO_PAGE) },
    make: async (by, whose) => ({ query: (await aStopLink(by, whose)).query ?? '' }),
  },
  stopMail: { verdicts: { own: anyone(200), absent: anyone(NO_PAGE) }, make: aStopLink },

  listTemplates: { verdicts: staff(200) },
  listTemplateVersions: {
    verdicts: { foreign: staff(200), absent: staff(NOTHING) },
    make: (_by, whose) => ({ params: { kind: whose === 'absent' ? 'call.incoming' : 'call.missed', channel: 'push' } }),
  },
  draftTemplate: {
    verdicts: { foreign: admins(201), absent: admins(NOTHING) },
    make: (_by, whose) => ({ body: { ...aTemplate, channel: whose === 'absent' ? 'sms' : 'push' } }),
  },
  publishTemplate: {
    verdicts: { own: ['-', '-', '-', '-', 200, '-'], foreign: admins(200), absent: admins(NOTHING) },
    make: aDraftOfWords,
  },
  retireTemplate: {
    verdicts: { own: ['-', '-', '-', '-', 200, '-'], foreign: admins(200), absent: admins(NOTHING) },
    make: aDraftOfWords,
  },
  previewTemplate: { verdicts: staff(200), make: send({ ...aTemplate, language: 'de' }) },

  listNotifications: { verdicts: signedIn(200) },
  readNotifications: { verdicts: signedIn(200), make: send({ upTo: 1 }) },
  readNotificationSettings: { verdicts: signedIn(200) },
  changeNotificationSettings: { verdicts: signedIn(200), make: send({ ringsAtNight: true }) },
  listDeliveries: { verdicts: staff(200) },
  receivePayment: { verdicts: anyone(NOT_YOURS), make: () => ({ params: { source: 'apphud' }, body: new Uint8Array(2) }) },
  sendApplePurchase: { verdicts: members(NOT_YOURS), make: send({ signedTransaction: `${'x'.repeat(40)}` }) },
  sendGooglePurchase: { verdicts: members(NOT_YOURS), make: send({ purchaseToken: 'x'.repeat(40), productRef: 'coins_300' }) },
  listPurchases: { verdicts: signedIn(200) },
  listPaymentEvents: { verdicts: staff(200) },
  readPaymentEvent: {
    verdicts: { foreign: staff(200), absent: staff(NOTHING) },
    make: async (_by, whose) => ({ params: { id: whose === 'absent' ? absentId('pev') : await aPaymentEvent() } }),
  },
  lookAtPaymentEvent: {
    verdicts: { foreign: admins(200), absent: admins(NOTHING) },
    make: async (_by, whose) => ({ params: { id: whose === 'absent' ? absentId('pev') : await aPaymentEvent() } }),
  },
  replayPaymentEvent: {
    verdicts: { foreign: admins(200), absent: admins(NOTHING) },
    make: async (_by, whose) => ({ params: { id: whose === 'absent' ? absentId('pev') : await aPaymentEvent() } }),
  },
  listPaymentAliases: { verdicts: admins(200), make: async (by, whose) => ({ query: (await anAlias(by, whose)).query ?? '' }) },
  transferPaymentAlias: {
    verdicts: { foreign: admins(200), absent: admins(NOTHING) },
    make: async (by, whose) => ({ body: (await anAlias(by, whose)).body }),
  },

  listDeadLetters: { verdicts: staff(200) },
  replayDeadLetter: {
    verdicts: { foreign: admins(200), absent: admins(NOTHING) },
    make: async (_by, whose) => ({ params: { id: whose === 'absent' ? crypto.randomUUID() : await aDeadLetter() } }),
  },
  makeAnnouncement: { verdicts: admins(201), make: send({ audience: 'companions', title: 'Tea', body: 'At three' }) },
  listAnnouncements: { verdicts: staff(200) },

  listSettings: { verdicts: staff(200) },
  changeSetting: {
    verdicts: { foreign: admins(200), absent: admins(NOTHING) },
    make: (_by, whose) => ({ params: { key: whose === 'absent' ? 'call.nothing' : 'call.resumeMs' }, body: { value: 120_000 } }),
  },
  adjustBalance: {
    verdicts: { foreign: admins(201), absent: admins(NOTHING) },
    make: async (_by, whose) => ({
      body: {
        userId: whose === 'absent' ? absentId('usr') : (await signIn('dora')).userId,
        unit: 'COIN',
        amount: 1,
        reason: 'of the matrix',
      },
    }),
  },
  previewVersionMove: {
    verdicts: { foreign: admins(200), absent: admins(NOTHING) },
    make: async (_by, whose) => {
      const { id, to } = await whoMoves(whose);
      return { params: { id }, query: `?to=${to}` };
    },
  },
  moveVersion: {
    verdicts: { foreign: admins(201), absent: admins(NOTHING) },
    make: async (_by, whose) => {
      const { id, to } = await whoMoves(whose);
      return { params: { id }, body: { to, reason: 'of the matrix' } };
    },
  },
  listApprovals: { verdicts: admins(200) },
  decideApproval: {
    verdicts: { own: ['-', '-', '-', '-', NOT_YOURS, NOT_YOURS], foreign: admins(200), absent: admins(NOTHING) },
    make: anApproval,
  },
  readProof: { verdicts: staff(200) },
  readAudit: { verdicts: admins(200) },

  readShop: { verdicts: members(200), make: () => ({ query: '?platform=web' }) },
  readPaywall: { verdicts: members(200), make: () => ({ params: { placement: 'balance_low' }, query: '?platform=web' }) },
  startCheckout: {
    verdicts: { foreign: members(201), absent: members(NOTHING) },
    make: async (_by, whose) => ({ body: { priceId: whose === 'absent' ? absentId('pri') : await somePriceId(await signIn('ada')) } }),
  },
  topUpByCard: { verdicts: members('409 no_card'), make: async () => ({ body: { priceId: await somePriceId(await signIn('ada')) } }) },
  readIntent: { verdicts: ofBuyer(200), make: anIntent },
  closeIntent: { verdicts: ofBuyer(200), make: anIntent },
  listCards: { verdicts: members(200) },
  removeCard: { verdicts: { absent: members(NOTHING) }, make: () => ({ params: { id: 'pm_nothing' } }) },
  readAutomatic: { verdicts: members(200) },
  setAutomatic: {
    verdicts: members(200),
    make: async () => ({
      body: { priceId: await somePriceId(await signIn('ada')), threshold: 50, monthlyCap: 5_000, on: false },
    }),
  },
  readSpending: { verdicts: members(200) },
  setSpendingCap: { verdicts: members(200), make: send({ weeklyCap: 1_000_000 }) },
  readPlan: { verdicts: members(200) },
  switchPlan: { verdicts: members('409 price_gone'), make: async () => ({ body: { priceId: await somePriceId(await signIn('ada')) } }) },
  cancelPlan: { verdicts: members('409 no_plan') },
  resumePlan: { verdicts: members('409 no_plan') },
  // Ada buys nothing from here on: nobody can end a pause.
  pauseSpending: { verdicts: members(200), make: send({ days: 1 }) },
  refundPayment: {
    verdicts: { absent: admins(NOTHING) },
    make: () => ({ params: { id: absentId('pur') }, body: { reason: 'of the matrix' } }),
  },
  decideRefund: { verdicts: { absent: admins(NOTHING) }, make: () => ({ params: { id: absentId('rfo') }, body: { approve: true } }) },
  listRefunds: { verdicts: admins(200) },
  listPayments: {
    verdicts: { foreign: staff(200), absent: staff(NOTHING) },
    make: async (by, whose) => ({ query: `?userId=${(await aPersonById(by, whose)).params?.id}` }),
  },
  readPayment: { verdicts: { absent: staff(NOTHING) }, make: () => ({ params: { id: absentId('pur') } }) },
  previewRefund: { verdicts: { absent: admins(NOTHING) }, make: () => ({ params: { id: absentId('pur') } }) },
  readWalletOf: { verdicts: { foreign: staff(200), absent: staff(NOTHING) }, make: aPersonById },
  listReconciliation: { verdicts: staff(200) },
  listProducts: { verdicts: admins(200) },
  draftProduct: { verdicts: admins(201), make: () => ({ body: { id: newName(), kind: 'coins', amount: 10, rank: 1 } }) },
  changeProduct: { verdicts: { foreign: admins(200), absent: admins(NOTHING) }, make: aProduct({ rank: 21 }) },
  addPrice: {
    verdicts: { foreign: admins(201), absent: admins(NOTHING) },
    make: async (by, whose) => ({
      ...(await aProduct()(by, whose)),
      body: { platform: 'ios', storeRef: crypto.randomUUID(), currency: 'EUR', amount: 1, activeFrom: '2099-01-01T00:00:00.000Z' },
    }),
  },
  endPrice: { verdicts: { foreign: admins(200), absent: admins(NOTHING) }, make: aPrice },
  listPlans: { verdicts: admins(200) },
  addPlan: { verdicts: admins(201), make: () => ({ body: { id: newName(), ...somePlan, rank: 3 + plansMade++ } }) },
  changePlan: {
    verdicts: { foreign: admins(200), absent: admins(NOTHING) },
    make: (_by, whose) => ({ params: { id: whose === 'absent' ? 'no-such-thing' : 'premium' }, body: somePlan }),
  },
  listPaywalls: { verdicts: admins(200) },
  draftPaywall: {
    verdicts: admins(201),
    make: () => ({
      body: { id: newName(), placement: 'link', layout: 'list', offers: [{ product: 'coins-300', highlighted: true }] },
    }),
  },
  changePaywall: {
    verdicts: { foreign: admins(200), absent: admins(NOTHING) },
    make: (_by, whose) => ({ params: { id: whose === 'absent' ? 'no-such-thing' : 'hello-again' }, body: { layout: 'single' } }),
  },

  listJobs: { verdicts: admins(200) },
  listJobRuns: { verdicts: { foreign: admins(200), absent: admins(NOTHING) }, make: aJob({}) },
  runJob: { verdicts: { foreign: superadmins(200), absent: superadmins(NOTHING) }, make: aJob({}) },
  changeJob: { verdicts: { foreign: superadmins(200), absent: superadmins(NOTHING) }, make: aJob({ body: { missed: 'once' } }) },
  previewTurns: { verdicts: admins(200), make: send({ cron: '0 9 * * *', zone: 'Europe/Berlin' }) },
};

/** What the caller and the callee get for their own call; others find nothing, staff have no part in calls. */
function ofCall(caller: Verdict, callee: Verdict): Row['verdicts'] {
  const none = [NO, NOTHING, NOTHING, NOT_YOURS, NOT_YOURS, NOT_YOURS] as const;
  return { own: [NO, caller, callee, '-', '-', '-'], foreign: none, absent: none };
}

/** What a member gets for a payment of theirs; others find nothing, and only members buy. */
function ofBuyer(status: Verdict): Row['verdicts'] {
  const none = [NO, NOTHING, NOT_YOURS, NOT_YOURS, NOT_YOURS, NOT_YOURS] as const;
  return { own: [NO, status, '-', '-', '-', '-'], foreign: none, absent: none };
}

/** Both people have it alike; others find nothing, staff have no part in conversations. */
function ofChat(status: Verdict): Row['verdicts'] {
  return { own: [NO, status, status, '-', '-', '-'], foreign: chatters(NOTHING), absent: chatters(NOTHING) };
}

async function endAll(by: Device | undefined): Promise<void> {
  const { json } = await ask({ method: 'GET', path: '/calls?limit=5', by });
  for (const { call } of (json?.items ?? []) as { call: { id: `call_${string}`; state: string } }[])
    if (by && call.state !== 'ended') await hangUp(by, call.id);
}
