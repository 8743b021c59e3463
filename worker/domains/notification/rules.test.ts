import { describe, expect, it } from 'vitest';
import { codeMail, codeSms } from './rules.ts';

const now = 1_800_000_000_000;
const otp = { to: 'ada@demo.test', code: '012345', expiresAt: now + 10 * 60_000 };

describe('the mail with a code', () => {
  it('shows the code in the subject and in both bodies, with its zeros, and says how long it works', () => {
    const mail = codeMail(otp, now);
    for (const part of [mail.subject, mail.text, mail.html]) expect(part).toContain('012 345');
    for (const part of [mail.text, mail.html]) expect(part).toContain('10 minutes');
    expect(mail.to).toBe('ada@demo.test');
  });

  it('counts the minutes that are left when it goes out late', () => {
    expect(codeMail(otp, now + 8 * 60_000).text).toContain('2 minutes');
    expect(codeMail(otp, now + 9.9 * 60_000).text).toContain('one minute');
  });
});

describe('the SMS with a code', () => {
  it('fits into one part', () => {
    const { text } = codeSms(otp, now);
    expect(text).toContain('012 345');
    expect(text.length).toBeLessThanOrEqual(160);
    expect(text).toMatch(/^[\x20-\x7e]*$/);
  });
});
