import { describe, expect, it } from 'vitest';
import type { Tariff, TariffMatch, TariffParty, TariffTerms } from '../../protocol/http/tariffs.ts';
import { goldenTariff } from './golden-tariff.ts';
import { lengthErrors, pickTariff, stateAt, type TariffQuestion, termsErrors, withDefaults } from './rules.ts';

const question: TariffQuestion = {
  kind: 'direct',
  media: 'audio',
  payerRole: 'member',
  payeeRole: 'companion',
  direction: 'member_to_companion',
};

const inForce = (id: string, match: TariffMatch, effectiveAt = '2026-01-01T00:00:00.000Z'): Tariff => ({
  ...goldenTariff,
  id: `tar_${id}`,
  lineId: `tar_${id}`,
  version: 1,
  state: 'published',
  match,
  createdAt: effectiveAt,
  publishedAt: effectiveAt,
  effectiveAt,
});

const picked = (tariffs: Tariff[], asked: TariffQuestion = question) => pickTariff(tariffs, asked)?.id ?? null;

describe('the tariff that holds', () => {
  it('is the one with the most conditions that fit, whatever the order', () => {
    const tariffs = [inForce('a', {}), inForce('b', { kind: 'direct', media: 'audio' }), inForce('c', { kind: 'direct' })];
    expect(picked(tariffs)).toBe('tar_b');
    expect(picked(tariffs.toReversed())).toBe('tar_b');
  });

  it('never is one with a condition that does not fit, however many others do', () => {
    const many: TariffMatch = { kind: 'direct', media: 'video', payerRole: 'member', payeeRole: 'companion' };
    expect(picked([inForce('a', many), inForce('b', {})])).toBe('tar_b');
    expect(picked([inForce('a', many)])).toBeNull();
    expect(picked([])).toBeNull();
  });

  it.each([
    [{ country: 'FI' }, { country: 'FI' }, true],
    [{ country: 'FI' }, { country: 'SE' }, false],
    [{ country: 'FI' }, {}, false],
    [{ cohort: 'pilot' }, { cohort: 'pilot' }, true],
    [{ cohort: 'pilot' }, {}, false],
    [{ direction: 'companion_to_member' }, {}, false],
    [{ payerRole: 'companion' }, {}, false],
    [{ payeeRole: 'companion' }, {}, true],
  ] as [TariffMatch, Partial<TariffQuestion>, boolean][])('with the match %j for %j: %s', (match, asked, fits) => {
    expect(picked([inForce('a', match)], { ...question, ...asked }) !== null).toBe(fits);
  });

  it('counts a condition given as undefined for none', () => {
    expect(picked([inForce('a', { media: undefined, country: undefined } as TariffMatch), inForce('b', { kind: 'direct' })])).toBe('tar_b');
  });

  it('among equals is the one in force since latest, then the later id', () => {
    const [old, late] = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'];
    expect(picked([inForce('a', { kind: 'direct' }, late), inForce('b', { media: 'audio' }, old)])).toBe('tar_a');
    expect(picked([inForce('a', {}, old), inForce('b', {}, old)])).toBe('tar_b');
  });
});

const [payer, payee] = goldenTariff.parties as [TariffParty, TariffParty];
const terms = (...parties: TariffParty[]): TariffTerms => ({ ...goldenTariff, parties });
const paths = (given: TariffTerms) => termsErrors(given).map(({ path }) => path);

describe('the terms of a tariff', () => {
  it('may be the golden example, or a payer alone', () => {
    expect(termsErrors(goldenTariff)).toEqual([]);
    expect(termsErrors(terms(payer))).toEqual([]);
  });

  it('have each party once, and a payer', () => {
    expect(paths(terms(payer, payer))).toEqual(['parties.1.party']);
    expect(paths(terms(payee, payee))).toEqual(['parties.1.party', 'parties']);
    expect(paths(terms(payee))).toEqual(['parties']);
  });

  it('have the payer debited in COIN and the payee credited in EARN', () => {
    expect(paths(terms({ ...payer, unit: 'EARN', direction: 'credit' }, payee))).toEqual(['parties.0.unit', 'parties.0.direction']);
    expect(paths(terms(payer, { ...payee, unit: 'COIN' }))).toEqual(['parties.1.unit']);
    expect(paths(terms({ ...payer, unit: 'MOMENT' }, { ...payee, direction: 'debit' }))).toEqual(['parties.0.unit', 'parties.1.direction']);
  });

  it('have seconds that rise, and say which do not', () => {
    const at = (...seconds: number[]) => ({ ...payer, checkpoints: seconds.map((atSeconds) => ({ atSeconds, amount: 1 })) });
    expect(paths(terms(at(0, 20, 10, 30)))).toEqual(['parties.0.checkpoints.2.atSeconds']);
    expect(paths(terms(at(0, 0)))).toEqual(['parties.0.checkpoints.1.atSeconds']);
    expect(paths(terms(at(5), { ...payee, checkpoints: at(9, 8, 7).checkpoints }))).toEqual([
      'parties.1.checkpoints.1.atSeconds',
      'parties.1.checkpoints.2.atSeconds',
    ]);
  });

  it('make no more checkpoints in the longest call than can be read: by the lower of their own limit and the settings’', () => {
    const every = (everySeconds: number, maxSeconds: number | null): TariffTerms => ({
      ...goldenTariff,
      parties: [{ ...payer, checkpoints: [], then: { everySeconds, amount: 1 } }],
      maxSeconds,
    });
    const wrong = (given: TariffTerms, setting = 28_800) => lengthErrors(given, setting).map(({ path }) => path);
    expect(lengthErrors(goldenTariff, 86_400)).toEqual([]);
    expect(wrong(every(1, null))).toEqual(['maxSeconds']);
    expect(lengthErrors(every(1, null), 28_800)[0]?.message).toMatch(/28800 seconds would come to 28799 checkpoints, more than the 5000/);
    expect(wrong(every(1, 5_002))).toEqual(['maxSeconds']);
    expect(wrong(every(1, 5_001))).toEqual([]);
    expect(wrong(every(1, null), 5_001)).toEqual([]);
    expect(wrong(every(1, 86_400), 5_002)).toEqual(['maxSeconds']);
    const both = { ...goldenTariff, parties: goldenTariff.parties.map((side) => ({ ...side, then: { everySeconds: 2, amount: 1 } })) };
    expect(wrong({ ...both, maxSeconds: 4_000 })).toEqual([]);
    expect(wrong({ ...both, maxSeconds: 6_000 })).toEqual(['maxSeconds']);
    // What a cap ends makes no more.
    expect(wrong({ ...every(1, null), parties: [{ ...payer, checkpoints: [], then: { everySeconds: 1, amount: 1 }, cap: 300 }] })).toEqual(
      [],
    );
  });

  it('carry the first minute three times a day unless they say otherwise', () => {
    const { grace: _, maxSeconds: __, ...bare } = goldenTariff;
    expect(withDefaults(bare)).toMatchObject({ grace: { seconds: 60, perDay: 3 }, maxSeconds: null });
    expect(withDefaults({ ...bare, grace: { seconds: 0, perDay: 0 }, maxSeconds: 90 })).toMatchObject({
      grace: { seconds: 0, perDay: 0 },
      maxSeconds: 90,
    });
  });
});

describe('the state of a version', () => {
  it.each([
    [null, null, 'draft'],
    [100, null, 'published'],
    [100, 201, 'published'],
    [100, 200, 'retired'],
  ] as const)('published at %s and followed at %s is, at 200, %s', (publishedAt, retiredAt, state) => {
    expect(stateAt(200, { publishedAt, retiredAt })).toBe(state);
  });
});
