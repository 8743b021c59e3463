/** Links into the apps: what is behind one for this person, keeping one through an installation, and the campaign it came by. */
import * as z from 'zod/mini';
import { campaignNames, MOST_CLICK_ID } from '../campaign.ts';
import { linkKinds, linkTarget, MOST_LINK } from '../links.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';

const linkText = z.string().check(z.minLength(1), z.maxLength(MOST_LINK));

/**
 * What is behind a link. `gone`: there is nothing, or it is somebody else's, which nobody is told apart. `forbidden`: such a
 * place is not for this person, whichever one it is. `unknown`: the text is no link.
 */
export const linkState = z.enum(['ok', 'gone', 'forbidden', 'unknown']);
export type LinkState = z.infer<typeof linkState>;

export const resolvedLink = z.object({
  target: z.nullable(linkTarget),
  state: linkState,
  /** The app of this person: where the link is opened. */
  app: z.enum(['app', 'portal', 'panel']),
  /** Of a call: whether it rings for this person now, runs, or is over; else null. */
  call: z.nullable(z.enum(['ringing', 'running', 'over'])),
  /** Where to go instead: something that is there and theirs. */
  fallback: linkTarget,
});
export type ResolvedLink = z.infer<typeof resolvedLink>;

export const resolveLink = endpoint({
  name: 'resolveLink',
  method: 'GET',
  path: '/links/resolve',
  tag: 'links',
  summary: 'What is behind a link for the caller, and where to go where there is nothing',
  access: 'signed_in',
  query: z.strictObject({ link: linkText }),
  status: 200,
  answer: z.object({ link: resolvedLink }),
});

export const deferLink = endpoint({
  name: 'deferLink',
  method: 'POST',
  path: '/links/deferred',
  tag: 'links',
  summary: 'Keep a link for a day, until somebody has installed the app and signed up: a short code stands for it',
  access: 'public',
  body: z.strictObject({ link: linkText }),
  status: 201,
  answer: z.object({ deferred: z.object({ code: z.string(), expiresAt: timestamp }) }),
  errors: ['validation_failed', 'rate_limited'],
});

export const claimLink = endpoint({
  name: 'claimLink',
  method: 'POST',
  path: '/links/claim',
  tag: 'links',
  summary: 'Take a kept link over, once; again by the same person gives the same',
  access: 'signed_in',
  /** Typed by hand too: case, blanks and hyphens don't matter. */
  body: z.strictObject({ code: z.string().check(z.minLength(1), z.maxLength(32)) }),
  status: 200,
  answer: z.object({ link: z.string() }),
  errors: ['not_found'],
});

/** What a web page or the mobile app saw when somebody came. Values are cleaned once more by the server. */
export const campaign = z.strictObject(
  Object.fromEntries(campaignNames.map((name) => [name, z.optional(z.string().check(z.maxLength(MOST_CLICK_ID)))])) as Record<
    (typeof campaignNames)[number],
    z.ZodMiniOptional<z.ZodMiniString>
  >,
);

export const touch = z.strictObject({
  campaign,
  at: timestamp,
  /** The kind of link they came by; null: by no link. */
  landing: z.nullable(z.enum(linkKinds)),
  /** The host of the page before, no more of it; null where none was told. */
  referrer: z.nullable(z.string().check(z.regex(/^[a-z0-9]([a-z0-9.-]{0,98}[a-z0-9])?$/, 'must be the name of a host'))),
});
export type Touch = z.infer<typeof touch>;

/** What first brought this person here, and what last did; null where nothing is known. */
const touches = z.object({ first: z.nullable(touch), last: z.nullable(touch) });

export const keepCampaign = endpoint({
  name: 'keepCampaign',
  method: 'POST',
  path: '/me/campaign',
  tag: 'links',
  summary: 'Tell which campaigns the caller came by; repeating changes nothing',
  access: 'signed_in',
  body: z.strictObject({ touches: z.array(touch).check(z.minLength(1), z.maxLength(2)) }),
  status: 200,
  answer: z.object({ campaign: touches }),
});

export const readCampaign = endpoint({
  name: 'readCampaign',
  method: 'GET',
  path: '/me/campaign',
  tag: 'links',
  summary: 'What is kept of the campaigns the caller came by',
  access: 'signed_in',
  status: 200,
  answer: z.object({ campaign: touches }),
});

export const forgetCampaign = endpoint({
  name: 'forgetCampaign',
  method: 'DELETE',
  path: '/me/campaign',
  tag: 'links',
  summary: 'Forget them',
  access: 'signed_in',
  status: 204,
  answer: z.null(),
});
