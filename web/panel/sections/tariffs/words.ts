/** Terms in words, line by line: what the page shows and what a diff compares. */
import type { TariffParty, TariffTerms } from '../../../../worker/protocol/http/tariffs.ts';
import { type StaffWords, wordFor } from '../../words.ts';
import { matchFields } from './terms.ts';

/** Where a draft does not say a number yet. */
const UNSAID = '…';

const said = (number: number): number | string => (Number.isNaN(number) ? UNSAID : number);

const atSeconds = (t: StaffWords, words: 'tariffs.lineAt' | 'tariffs.lineEvery', count: number, amount: string): string =>
  Number.isNaN(count) ? UNSAID : t(words, { count, amount });

export function termLines(t: StaffWords, terms: TariffTerms): Map<string, string> {
  const lines = new Map<string, string>([[t('tariffs.name'), terms.name]]);
  for (const field of matchFields) {
    const value = terms.match[field];
    if (value !== undefined) lines.set(t(`match.${field}`), wordFor(t, `matchValue.${value}`, value));
  }
  for (const party of terms.parties) partyLines(t, party, lines);
  if (terms.grace) {
    const { seconds, perDay } = terms.grace;
    lines.set(t('tariffs.grace'), t('tariffs.graceOf', { seconds: said(seconds), perDay: said(perDay) }));
  }
  if (terms.maxSeconds) lines.set(t('tariffs.maxSeconds'), t('tariffs.seconds', { count: terms.maxSeconds }));
  return lines;
}

function partyLines(t: StaffWords, side: TariffParty, lines: Map<string, string>): void {
  const who = t(`party.${side.party}`);
  const amount = (count: number): string =>
    Number.isNaN(count) ? UNSAID : t(side.party === 'payer' ? 'tariffs.coins' : 'tariffs.earning', { count });
  for (const [n, step] of side.checkpoints.entries())
    lines.set(t('tariffs.lineCheckpoint', { who, n: n + 1 }), atSeconds(t, 'tariffs.lineAt', step.atSeconds, amount(step.amount)));
  if (side.then)
    lines.set(t('tariffs.lineThen', { who }), atSeconds(t, 'tariffs.lineEvery', side.then.everySeconds, amount(side.then.amount)));
  if (side.cap) lines.set(t('tariffs.lineCap', { who }), amount(side.cap));
  if (side.perMessage)
    lines.set(
      t('tariffs.lineMessage', { who }),
      t('tariffs.lineMessageOf', { free: side.perMessage.free, amount: side.perMessage.amount }),
    );
}
