/**
 * SendGrid's `POST /v3/mail/send`, as strict as theirs: same required fields, same order of content types, same error
 * shape, 202 with an empty body and `X-Message-Id` when it is taken.
 */
import { randomBytes } from 'node:crypto';
import { type Answer, type Ask, isObject, jsonOf, type StandIn } from './answer.ts';

interface Wrong {
  readonly message: string;
  readonly field: string | null;
  readonly help: null;
}
const wrong = (message: string, field: string | null = null): Wrong => ({ message, field, help: null });
const refuse = (status: number, ...errors: Wrong[]): Answer => ({ status, json: { errors } });

const isText = (value: unknown): value is string => typeof value === 'string' && value.length > 0;
const isAddress = (value: unknown): value is { email: string } =>
  isObject(value) && isText(value.email) && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.email);

const KNOWN = new Set(
  'personalizations from reply_to reply_to_list subject content attachments template_id headers categories custom_args send_at batch_id asm ip_pool_name mail_settings tracking_settings'.split(
    ' ',
  ),
);

export const sendgrid: StandIn = {
  service: 'sendgrid',
  serves: (path) => path === '/v3/mail/send',
  recipientOf: firstRecipient,
  answer: (ask) => sendMail(ask, randomBytes(11).toString('base64url'), new Date(ask.at).toISOString()),
  refuse: ({ status, retryAfter, reason }) => ({
    ...refuse(Number(status), wrong(reason ?? 'This is a fault on demand.')),
    headers: retryAfter === null ? {} : { 'Retry-After': String(retryAfter) },
  }),
};

function firstRecipient(ask: Ask): string | null {
  try {
    return (jsonOf(ask) as Mail).personalizations[0]?.to[0]?.email ?? null;
  } catch {
    return null;
  }
}

/** @param id of the message that is taken; @param at RFC 3339 */
function sendMail(ask: Ask, id: string, at: string): Answer {
  if (ask.method !== 'POST') return refuse(405, wrong('method not allowed'));
  if (!/^Bearer SG\.\S+$/.test(ask.headers.authorization ?? ''))
    return refuse(401, wrong('The provided authorization grant is invalid, expired, or revoked'));
  if (!/^application\/json\b/i.test(ask.headers['content-type'] ?? ''))
    return refuse(415, wrong('Content-Type should be application/json.'));
  let body: unknown;
  try {
    body = JSON.parse(ask.body);
  } catch {
    return refuse(400, wrong('Bad Request'));
  }
  if (!isObject(body)) return refuse(400, wrong('Invalid type. Expected: object, given: another.'));
  const errors = errorsOf(body);
  if (errors.length > 0) return refuse(400, ...errors);

  const {
    personalizations,
    from,
    subject,
    content,
    headers = {},
    asm,
    custom_args: args = {},
    mail_settings: settings = {},
  } = body as unknown as Mail;
  const part = (type: string) => content.find((item) => item.type === type)?.value ?? '';
  const sent = personalizations.flatMap((one) =>
    one.to.map(({ email }, index) => ({
      id: `${id}.${index}`,
      at,
      channel: 'email' as const,
      to: email,
      from: from.name ? `${from.name} <${from.email}>` : from.email,
      subject: one.subject ?? subject ?? '',
      text: part('text/plain'),
      html: part('text/html'),
      mail: { messageId: id, headers, asmGroup: asm?.group_id ?? null, args, settings },
    })),
  );
  return { status: 202, headers: { 'X-Message-Id': id }, sent };
}

interface Mail {
  readonly personalizations: readonly { to: readonly { email: string }[]; subject?: string }[];
  readonly from: { email: string; name?: string };
  readonly subject?: string;
  readonly content: readonly { type: string; value: string }[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly asm?: { group_id: number };
  readonly custom_args?: Readonly<Record<string, string>>;
  readonly mail_settings?: Readonly<Record<string, { enable: boolean }>>;
}

function errorsOf(body: Record<string, unknown>): Wrong[] {
  const unknown = Object.keys(body).filter((key) => !KNOWN.has(key));
  return [
    ...unknown.map((key) => wrong(`Additional property ${key} is not allowed`, key)),
    ...recipientErrors(body),
    ...(isAddress(body.from)
      ? []
      : [wrong('The from object must be provided for every email send. It is an object that requires the email parameter.', 'from.email')]),
    ...contentErrors(body.content),
    ...carriedErrors(body),
  ];
}

function recipientErrors(body: Record<string, unknown>): Wrong[] {
  const list = body.personalizations;
  if (!Array.isArray(list) || list.length === 0 || list.length > 1000)
    return [wrong('The personalizations field is required and must have at least one personalization.', 'personalizations')];
  return list.flatMap((one: unknown, index): Wrong[] => {
    const field = `personalizations.${index}`;
    if (!isObject(one) || !Array.isArray(one.to) || one.to.length === 0)
      return [
        wrong(
          'The to array is required for all personalization objects, and must have at least one email object with a valid email address.',
          `${field}.to`,
        ),
      ];
    const bad = one.to.flatMap((to: unknown, at) =>
      isAddress(to) ? [] : [wrong('Does not contain a valid address.', `${field}.to.${at}.email`)],
    );
    const subject = isText(one.subject) || isText(body.subject);
    return subject
      ? bad
      : [
          ...bad,
          wrong(
            'The subject is required. You can get around this requirement if you use a template with a subject defined or if every personalization has a subject defined.',
            'subject',
          ),
        ];
  });
}

function contentErrors(content: unknown): Wrong[] {
  if (!Array.isArray(content) || content.length === 0)
    return [
      wrong(
        'Unless a valid template_id is provided, the content parameter is required. There must be at least one defined content block.',
        'content',
      ),
    ];
  const errors = content.flatMap((part: unknown, index): Wrong[] =>
    isObject(part) && isText(part.type) && isText(part.value)
      ? []
      : [wrong('The content value must be a string at least one character in length.', `content.${index}.value`)],
  );
  const types = content.map((part: unknown) => (isObject(part) ? part.type : undefined));
  if (types.includes('text/plain') && types[0] !== 'text/plain')
    errors.push(wrong('If present, text/plain and text/html may only be provided once, and text/plain must be first.', 'content'));
  return errors;
}

/** Headers that are theirs to write. */
const RESERVED = /^(x-sg-id|x-sg-eid|received|dkim-signature|content-type|content-transfer-encoding|to|from|subject|reply-to|cc|bcc)$/i;
const SETTINGS = new Set(
  'bypass_list_management bypass_spam_management bypass_bounce_management bypass_unsubscribe_management footer sandbox_mode'.split(' '),
);
const TRACKING = new Set('click_tracking open_tracking subscription_tracking ganalytics'.split(' '));
const MOST_ARGS = 10_000;

/** What a mail carries beside its words. */
function carriedErrors({
  headers,
  asm,
  custom_args: args,
  mail_settings: settings,
  tracking_settings: tracking,
}: Record<string, unknown>): Wrong[] {
  const errors: Wrong[] = [];
  if (headers !== undefined) errors.push(...headerErrors(headers));
  if (asm !== undefined && !(isObject(asm) && Number.isInteger(asm.group_id)))
    errors.push(wrong('The asm.group_id is required and must be an integer.', 'asm.group_id'));
  if (args !== undefined) {
    if (!isObject(args) || Object.values(args).some((value) => typeof value !== 'string'))
      errors.push(wrong('The custom_args must be an object of strings.', 'custom_args'));
    else if (JSON.stringify(args).length > MOST_ARGS) errors.push(wrong('The custom_args may have 10,000 bytes at most.', 'custom_args'));
  }
  errors.push(...switchErrors('mail_settings', settings, SETTINGS), ...switchErrors('tracking_settings', tracking, TRACKING));
  const bypassed = isObject(settings) ? Object.keys(settings).filter((name) => name.startsWith('bypass_')) : [];
  if (bypassed.length > 1 && bypassed.includes('bypass_list_management'))
    errors.push(wrong('bypass_list_management cannot be combined with other bypass options.', 'mail_settings'));
  return errors;
}

function headerErrors(headers: unknown): Wrong[] {
  if (!isObject(headers)) return [wrong('The headers must be an object.', 'headers')];
  return Object.entries(headers).flatMap(([name, value]) => {
    if (RESERVED.test(name)) return [wrong(`The header ${name} is reserved.`, `headers.${name}`)];
    const clean = typeof value === 'string' && /^[!-9;-~]+$/.test(name) && /^[\x20-\x7e]*$/.test(value);
    return clean ? [] : [wrong('Header names and values must be printable ASCII.', `headers.${name}`)];
  });
}

function switchErrors(field: string, value: unknown, known: ReadonlySet<string>): Wrong[] {
  if (value === undefined) return [];
  if (!isObject(value)) return [wrong(`The ${field} must be an object.`, field)];
  return Object.entries(value).flatMap(([name, one]) =>
    known.has(name) && isObject(one) && typeof one.enable === 'boolean'
      ? []
      : [wrong('The enable parameter must be a boolean of a known setting.', `${field}.${name}`)],
  );
}
