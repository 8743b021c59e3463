import { expect, it } from 'vitest';
import { csvOf } from './csv.ts';

const lines = (titles: string[], rows: (string | number | null)[][]): string[] => csvOf(titles, rows).slice(1).split('\r\n');

it('writes titles and rows, with a mark for spreadsheets and an end to every line', () => {
  expect(csvOf(['Name', 'Coins'], [['Ada', 500]])).toBe('\ufeffName,Coins\r\nAda,500\r\n');
  expect(lines(['Name'], [[null]])).toEqual(['Name', '', '']);
});

it('quotes what would break a row', () => {
  expect(lines(['a'], [['x,y'], ['say "hi"'], ['two\nlines']]).slice(1)).toEqual(['"x,y"', '"say ""hi"""', '"two\nlines"', '']);
});

it('writes amounts as numbers and makes no formula of a text', () => {
  expect(lines(['a'], [[-60], ['=1+1'], ['+49 170 1'], ['@x'], ['-1']]).slice(1, -1)).toEqual(['-60', "'=1+1", "'+49 170 1", "'@x", "'-1"]);
});
