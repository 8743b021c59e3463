import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Env } from '../../env.ts';
import { contextOf } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import type { TariffMatch } from '../../protocol/http/tariffs.ts';
import type { TariffId } from '../../protocol/ids.ts';
import { readAuditPage } from '../event_log/service.ts';
import { goldenTariff } from './golden-tariff.ts';
import type { TariffQuestion } from './rules.ts';
import { draftTariff, listTariffs, publishTariff, retireTariff, tariffById, tariffFor } from './service.ts';

const bindings = env as unknown as Env;
const START = 1_800_000_000_000;
const at = (ms: number) => contextOf(bindings, { now: START + ms, requestId: 'req-1', waitUntil: () => {} });
const actor = newId('usr');

/** A cohort of its own keeps each test's tariffs apart from the others'. */
const cohortOf = (name: string): { match: TariffMatch; question: TariffQuestion } => ({
  match: { cohort: name },
  question: {
    kind: 'direct',
    media: 'audio',
    payerRole: 'member',
    payeeRole: 'companion',
    direction: 'member_to_companion',
    cohort: name,
  },
});

const draft = (ms: number, match: TariffMatch, replaces?: TariffId) =>
  draftTariff(at(ms), { terms: { ...goldenTariff, match }, replaces, actor });

describe('a tariff', () => {
  it('holds from its publication on and not before', async () => {
    const { match, question } = cohortOf('from');
    const { id, state } = await draft(0, match);
    expect(state).toBe('draft');
    expect(await tariffFor(at(1), question)).toBeNull();
    const published = await publishTariff(at(10), { id, actor });
    expect(published).toMatchObject({ id, state: 'published', effectiveAt: new Date(START + 10).toISOString() });
    expect(await tariffFor(at(9), question)).toBeNull();
    expect(await tariffFor(at(10), question)).toEqual(published);
  });

  it('gives way to the next version of its line at one moment, and can still be read', async () => {
    const { match, question } = cohortOf('line');
    const one = await draft(0, match);
    await publishTariff(at(10), { id: one.id, actor });
    const two = await draft(20, match, one.id);
    expect(two).toMatchObject({ lineId: one.id, version: 2, state: 'draft' });
    expect((await tariffFor(at(25), question))?.id).toBe(one.id);
    await publishTariff(at(30), { id: two.id, actor });
    expect((await tariffFor(at(29), question))?.id).toBe(one.id);
    expect((await tariffFor(at(30), question))?.id).toBe(two.id);
    expect(await tariffById(at(30), one.id)).toMatchObject({ state: 'retired', parties: goldenTariff.parties });
  });

  it('leaves other lines alone when a version of one is published', async () => {
    const { match, question } = cohortOf('apart');
    const other = await draft(0, { ...match, media: 'audio' });
    await publishTariff(at(1), { id: other.id, actor });
    const one = await draft(2, match);
    await publishTariff(at(3), { id: one.id, actor });
    const two = await draft(4, match, one.id);
    await publishTariff(at(5), { id: two.id, actor });
    expect((await tariffFor(at(6), question))?.id).toBe(other.id);
    expect((await tariffFor(at(6), { ...question, media: 'video' }))?.id).toBe(two.id);
  });

  it('is published once: again gives the same, and the audit knows one', async () => {
    const { match } = cohortOf('twice');
    const { id } = await draft(0, match);
    const first = await publishTariff(at(10), { id, actor });
    expect(await publishTariff(at(99), { id, actor })).toEqual(first);
    const both = await draft(100, match, id);
    const [a, b] = await Promise.all([publishTariff(at(110), { id: both.id, actor }), publishTariff(at(110), { id: both.id, actor })]);
    expect(a).toEqual(b);
    for (const subject of [id, both.id]) {
      const { items } = await readAuditPage(at(200), { subject });
      expect(items.map(({ action }) => action)).toEqual(['tariff.publish', 'tariff.edit']);
    }
  });

  it('can’t be published when retired, or when a newer version is in force', async () => {
    const { match, question } = cohortOf('late');
    const one = await draft(0, match);
    await publishTariff(at(1), { id: one.id, actor });
    const [two, three] = [await draft(2, match, one.id), await draft(3, match, one.id)];
    expect([two.version, three.version]).toEqual([2, 3]);
    await publishTariff(at(4), { id: three.id, actor });
    await expect(publishTariff(at(5), { id: one.id, actor })).rejects.toMatchObject({ code: 'version_conflict' });
    await expect(publishTariff(at(5), { id: two.id, actor })).rejects.toMatchObject({ code: 'version_conflict' });
    expect((await tariffFor(at(6), question))?.id).toBe(three.id);
    expect((await readAuditPage(at(6), { subject: two.id })).items.map(({ action }) => action)).toEqual(['tariff.edit']);
  });

  it('is not known, neither to publish nor to replace', async () => {
    const missing = newId('tar');
    await expect(publishTariff(at(0), { id: missing, actor })).rejects.toMatchObject({ code: 'not_found' });
    await expect(draft(0, {}, missing)).rejects.toMatchObject({ code: 'not_found' });
    expect(await tariffById(at(0), missing)).toBeNull();
  });

  it('is refused with the wrong fields named, and nothing is stored', async () => {
    const { match } = cohortOf('wrong');
    const [payer] = goldenTariff.parties;
    if (!payer) throw new Error('the golden tariff has a payer');
    const terms = { ...goldenTariff, match, parties: [payer, payer] };
    const before = (await listTariffs(at(0), {})).items.length;
    await expect(draftTariff(at(0), { terms, actor })).rejects.toMatchObject({
      code: 'validation_failed',
      fields: [{ path: 'parties.1.party', message: expect.any(String) }],
    });
    expect((await listTariffs(at(0), {})).items.length).toBe(before);
  });
});

describe('a stored version', () => {
  it('never changes, whoever writes to the table', async () => {
    const { match } = cohortOf('fixed');
    const { id } = await draft(0, match);
    await publishTariff(at(10), { id, actor });
    const before = await bindings.DB.prepare('SELECT * FROM tariff WHERE id = ?').bind(id).first();
    for (const statement of [
      `UPDATE tariff SET terms = '{}' WHERE id = ?`,
      'UPDATE tariff SET published_at = NULL, effective_at = NULL WHERE id = ?',
      'UPDATE tariff SET effective_at = effective_at - 1 WHERE id = ?',
      'UPDATE tariff SET version = 7 WHERE id = ?',
      'DELETE FROM tariff WHERE id = ?',
      `INSERT OR REPLACE INTO tariff (id, line_id, version, terms, created_at, created_by) SELECT id, line_id, version, '{}', 0, '' FROM tariff WHERE id = ?`,
    ])
      await expect(bindings.DB.prepare(statement).bind(id).run(), statement).rejects.toThrow(/tariff_is_/);
    expect(await bindings.DB.prepare('SELECT * FROM tariff WHERE id = ?').bind(id).first()).toEqual(before);
  });
});

describe('the list', () => {
  it('shows newest first, by state, page by page', async () => {
    const { match } = cohortOf('list');
    const one = await draft(1_000, match);
    await publishTariff(at(1_001), { id: one.id, actor });
    const two = await draft(1_002, match, one.id);
    await publishTariff(at(1_003), { id: two.id, actor });
    const three = await draft(1_004, match, one.id);
    const mine = async (state: 'draft' | 'published' | 'retired') =>
      (await listTariffs(at(2_000), { state, limit: 100 })).items.filter(({ lineId }) => lineId === one.id).map(({ id }) => id);
    expect(await mine('draft')).toEqual([three.id]);
    expect(await mine('published')).toEqual([two.id]);
    expect(await mine('retired')).toEqual([one.id]);
    const seen: string[] = [];
    for (let cursor: string | undefined; seen.length < 500; ) {
      const page = await listTariffs(at(2_000), { limit: 2, cursor });
      seen.push(...page.items.map(({ id }) => id));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(seen.toSorted().toReversed());
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining([one.id, two.id, three.id]));
  });
});

describe('two editors of one tariff', () => {
  it('the second is told, and nothing of theirs is written', async () => {
    const { match } = cohortOf('two editors');
    const one = await draft(0, match);
    const edit = (ms: number, seenVersion: number) =>
      draftTariff(at(ms), { terms: { ...goldenTariff, match }, replaces: one.id, seenVersion, actor });
    expect(await edit(1, 1)).toMatchObject({ version: 2, lineId: one.id });
    await expect(edit(2, 1)).rejects.toMatchObject({ code: 'version_conflict' });
    expect((await listTariffs(at(3), { line: one.lineId })).items.map(({ version }) => version)).toEqual([2, 1]);
    expect(await edit(3, 2)).toMatchObject({ version: 3 });
    // A version nobody has seen because there is none.
    await expect(edit(4, 7)).rejects.toMatchObject({ code: 'version_conflict' });
  });

  it('leave what stood before in the audit', async () => {
    const { match } = cohortOf('audited editor');
    const one = await draft(0, match);
    const two = await draft(1, { ...match, media: 'video' }, one.id);
    const [entry] = (await readAuditPage(at(2), { subject: two.id })).items;
    expect(entry).toMatchObject({ action: 'tariff.edit', before: { match }, after: { match: { ...match, media: 'video' } } });
  });
});

describe('retiring', () => {
  it('takes a version out of force at once, and the next best tariff holds', async () => {
    const { match, question } = cohortOf('retired');
    const wide = await draft(0, match);
    const narrow = await draft(1, { ...match, media: 'audio' });
    for (const { id } of [wide, narrow]) await publishTariff(at(10), { id, actor });
    expect((await tariffFor(at(11), question))?.id).toBe(narrow.id);
    const retired = await retireTariff(at(20), { id: narrow.id, actor });
    expect(retired).toMatchObject({ state: 'retired', parties: goldenTariff.parties });
    expect((await tariffFor(at(20), question))?.id).toBe(wide.id);
    expect(await retireTariff(at(30), { id: narrow.id, actor })).toEqual(retired);
    const actions = (await readAuditPage(at(31), { subject: narrow.id })).items.map(({ action }) => action);
    expect(actions).toEqual(['tariff.retire', 'tariff.publish', 'tariff.edit']);
  });

  it('discards a draft for good', async () => {
    const { match } = cohortOf('discarded');
    const { id, lineId } = await draft(0, match);
    expect(await retireTariff(at(1), { id, actor })).toMatchObject({ state: 'retired', publishedAt: null });
    await expect(publishTariff(at(2), { id, actor })).rejects.toMatchObject({ code: 'version_conflict' });
    const inState = async (state: 'draft' | 'retired') => (await listTariffs(at(3), { state, line: lineId })).items.length;
    expect([await inState('draft'), await inState('retired')]).toEqual([0, 1]);
    // Behind the code's back: the database keeps it too.
    const publish = bindings.DB.prepare('UPDATE tariff SET published_at = 5, effective_at = 5, retired_at = NULL WHERE id = ?1');
    await expect(publish.bind(id).run()).rejects.toThrow(/tariff_is_discarded/);
  });
});
