import { describe, expect, it } from 'vitest';
import { changedNote, inOrder, isLuhn, refusalOf, seesHandover, seesHistory, seesNote } from './note-rules.ts';

describe('what is never kept', () => {
  it.each([
    'her card is 4111 1111 1111 1111',
    'Karte 4111-1111-1111-1111, gültig bis 12/27',
    '4111111111111111',
    'amex 3782 822463 10005',
    'mc 5555.5555.5555.4444 123',
    '12/27 4111 1111 1111 1111',
    'nr 6011111111111117!',
    // Other people's digits are digits too.
    '٤١١١ ١١١١ ١١١١ ١١١١',
    '４１１１１１１１１１１１１１１１',
    '१२/२७ ४१११ ११११ ११११ ११११',
  ])('a card number: %s', (text) => expect(refusalOf(text)).toBe('card_number'));

  it.each([
    'Lives at 12 Baker Street, second floor',
    '7b old mill road',
    'Wohnt in der Lindenstraße 12',
    'Hauptstr. 5a, bei der Kirche',
    'Am Alten Markt-Platz 3',
    'Schlossallee 14',
    'in 10117 Berlin',
    'D-10117 Berlin',
    'Austin, TX 78701',
    'her flat is NW1 6XE',
    '12 rue de la Paix',
    'Via Roma 7',
    'calle Mayor 4',
  ])('a postal address: %s', (text) => expect(refusalOf(text)).toBe('address'));

  it('an e-mail address', () => expect(refusalOf('writes from greta@example.org at times')).toBe('email'));

  it.each([
    'Her grandson Leo turned 7 on 12 March 2026.',
    'Worked 31 years on the railway, retired in 1994',
    'Walks 5 km down the road each morning',
    'Takes 2 tablets at 8 and 1 at 20 o’clock',
    'Her number of knitted socks: 1234 5678 9012 3456',
    'Loves Lindenstraße, the series, and watched 1758 episodes',
    'Ist auf dem Heimweg 3 km gelaufen',
    'Der Weg ist das Ziel, sagt sie 2 Mal am Tag',
    'Rang 14 in der Stadt, 20 Jahre Schach',
    'Born 1941, married 1963, 3 children, 7 grandchildren',
    'Rings at 19:30, Tuesdays; call her "Gretel"',
    'In 1989 she lived a street away from the wall',
    'Er hat 12000 Briefmarken gesammelt',
    'Saw 3 people on the street',
    'Talked via video for 20 minutes',
  ])('what may be kept: %s', (text) => expect(refusalOf(text)).toBeNull());

  it('a number is a card’s by its check digit', () => {
    expect(isLuhn('4111111111111111')).toBe(true);
    for (let digit = 0; digit < 10; digit += 1) expect(isLuhn(`411111111111111${digit}`)).toBe(digit === 1);
  });
});

describe('who sees what', () => {
  const writer = { userId: 'grace', supervises: false, answers: false };
  const answering = { userId: 'eva', supervises: false, answers: true };
  const passing = { userId: 'hugo', supervises: false, answers: false };
  const sam = { userId: 'sam', supervises: true, answers: false };
  const fact = { authorId: 'grace', kind: 'fact' as const };
  const sensitive = { authorId: 'grace', kind: 'sensitive' as const };

  it('the writer and who supervises see all, who answers all but the sensitive, nobody else anything', () => {
    const seen = [writer, answering, passing, sam].map((reader) => [seesNote(reader, fact), seesNote(reader, sensitive)]);
    expect(seen).toEqual([
      [true, true],
      [true, false],
      [false, false],
      [true, true],
    ]);
  });

  it('a summary is for who answers as well; a history is not', () => {
    expect([writer, answering, passing, sam].map((reader) => seesHandover(reader, fact))).toEqual([true, true, false, true]);
    expect([writer, answering, passing, sam].map((reader) => seesHistory(reader, fact))).toEqual([true, false, false, true]);
  });
});

describe('a note', () => {
  const note = (id: string, followUpOn: string | null = null, doneAt: number | null = null) => ({ id, followUpOn, doneAt });
  const fact = { kind: 'fact' as const, text: 'Likes tea', followUpOn: null, doneAt: null };
  const followUp = { kind: 'follow_up' as const, text: 'The hip', followUpOn: '2026-12-01', doneAt: null };

  it('that is to be come back to stands first, the earliest day before the others', () => {
    const notes = [note('1'), note('2', '2026-12-09'), note('3', '2026-12-01', 5), note('4', '2026-12-02'), note('5')];
    expect(notes.toSorted(inOrder).map(({ id }) => id)).toEqual(['4', '2', '5', '3', '1']);
  });

  it('has a day with a follow-up and with nothing else', () => {
    expect(changedNote(fact, { kind: 'follow_up' }, 9)).toMatchObject({ ok: false, field: 'followUpOn' });
    expect(changedNote(fact, { followUpOn: '2026-12-01' }, 9)).toMatchObject({ ok: false, field: 'followUpOn' });
    expect(changedNote(fact, { kind: 'follow_up', followUpOn: '2026-12-01' }, 9)).toMatchObject({ note: { followUpOn: '2026-12-01' } });
    expect(changedNote(followUp, { kind: 'preference' }, 9)).toMatchObject({ note: { kind: 'preference', followUpOn: null } });
  });

  it('is done once, and may be open again', () => {
    const done = changedNote(followUp, { done: true }, 9);
    expect(done).toMatchObject({ note: { doneAt: 9 } });
    if (!done.ok) return;
    expect(changedNote(done.note, { done: true }, 12)).toMatchObject({ note: { doneAt: 9 } });
    expect(changedNote(done.note, { text: 'The knee' }, 12)).toMatchObject({ note: { doneAt: 9, text: 'The knee' } });
    expect(changedNote(done.note, { done: false }, 12)).toMatchObject({ note: { doneAt: null } });
    expect(changedNote(fact, { done: true }, 9)).toMatchObject({ ok: false, field: 'done' });
  });
});
