/** What a message says. Plain words: it is read by somebody who wants to get in, perhaps on a small screen. */

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}
export interface Sms {
  readonly to: string;
  readonly text: string;
}

/** 123 456 is easier to carry from one screen to another than 123456. */
const spaced = (code: string): string => `${code.slice(0, 3)} ${code.slice(3)}`;

const minutesLeft = (expiresAt: number, now: number): string => {
  const minutes = Math.max(1, Math.round((expiresAt - now) / 60_000));
  return minutes === 1 ? 'one minute' : `${minutes} minutes`;
};

/** The mail with a one-time code. `code` is digits only, so it needs no escaping. */
export function codeMail(otp: { to: string; code: string; expiresAt: number }, now: number): Mail {
  const left = minutesLeft(otp.expiresAt, now);
  const lines = [
    'Hello,',
    'here is your code to sign in to Hearthline:',
    spaced(otp.code),
    `It works for ${left}, and only once.`,
    'If you did not ask for it, you need not do anything: without the code nobody gets in. We will never call or write to ask you for it.',
    'Warm wishes,\nHearthline',
  ];
  return {
    to: otp.to,
    subject: `${spaced(otp.code)} is your Hearthline code`,
    text: lines.join('\n\n'),
    html: `<!doctype html><html lang="en"><body style="margin:0;padding:24px;background:#fdfaf5;color:#26211c;font:18px/1.6 sans-serif">
<div style="max-width:480px;margin:0 auto">
<p>Hello,</p><p>here is your code to sign in to Hearthline:</p>
<p style="font-size:36px;font-weight:700;letter-spacing:4px;margin:16px 0">${spaced(otp.code)}</p>
<p>It works for ${left}, and only once.</p>
<p>If you did not ask for it, you need not do anything: without the code nobody gets in. We will never call or write to ask you for it.</p>
<p>Warm wishes,<br>Hearthline</p></div></body></html>`,
  };
}

/** The SMS with a one-time code; short enough for one part. */
export const codeSms = (otp: { to: string; code: string; expiresAt: number }, now: number): Sms => ({
  to: otp.to,
  text: `${spaced(otp.code)} is your Hearthline code. It works for ${minutesLeft(otp.expiresAt, now)}. We will never ask you for it.`,
});
