import { describe, expect, it } from 'vitest';
import { hashOfToken, keyedHash, randomCode, randomToken, sameHash, seal, unseal } from './secrets.ts';

const secret = 'test_secret-of-thirty-two-characters-or-more';

describe('random codes', () => {
  it('have six digits, and every first digit comes up, 0 included', () => {
    const codes = Array.from({ length: 2000 }, randomCode);
    for (const code of codes) expect(code).toMatch(/^\d{6}$/);
    expect(new Set(codes.map((code) => code[0])).size).toBe(10);
    expect(new Set(codes).size).toBeGreaterThan(1980);
  });
});

describe('keyed hashes', () => {
  it('differ by secret, purpose and value, and are the same for the same', async () => {
    const base = await keyedHash(secret, 'otp-code', '123456');
    expect(await keyedHash(secret, 'otp-code', '123456')).toBe(base);
    const others = await Promise.all([
      keyedHash(`${secret}!`, 'otp-code', '123456'),
      keyedHash(secret, 'address', '123456'),
      keyedHash(secret, 'otp-code', '123457'),
      hashOfToken('123456'),
    ]);
    expect(others).not.toContain(base);
  });

  it('compare equal only when they are, whatever their length', () => {
    expect(sameHash('abc', 'abc')).toBe(true);
    for (const other of ['abd', 'xbc', 'ab', 'abcd', '']) expect(sameHash('abc', other)).toBe(false);
    expect(sameHash('', '')).toBe(true);
  });
});

describe('tokens', () => {
  it('are long, safe in a cookie, and never the same', () => {
    const tokens = Array.from({ length: 100 }, randomToken);
    for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/);
    expect(new Set(tokens).size).toBe(100);
  });
});

describe('sealing', () => {
  it('opens with the same secret and name, and with no other', async () => {
    const sealed = await seal(secret, 'kid-1', 'private');
    expect(sealed).not.toContain('private');
    expect(await unseal(secret, 'kid-1', sealed)).toBe('private');
    expect(await unseal(`${secret}!`, 'kid-1', sealed)).toBeNull();
    expect(await unseal(secret, 'kid-2', sealed)).toBeNull();
    expect(await unseal(secret, 'kid-1', `${sealed.slice(0, -2)}AA`)).toBeNull();
    expect(await unseal(secret, 'kid-1', 'nonsense')).toBeNull();
  });

  it('never seals twice alike', async () => expect(await seal(secret, 'k', 'p')).not.toBe(await seal(secret, 'k', 'p')));
});
