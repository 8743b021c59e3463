/** Tables as comma-separated values (RFC 4180), for a spreadsheet. */
export type Cell = string | number | null;

/** The mark by which spreadsheets know UTF-8. */
const MARK = '\ufeff';

function field(cell: Cell): string {
  if (typeof cell === 'number') return String(cell);
  // What somebody wrote of themselves must not become a formula on a colleague's machine.
  const text = (cell ?? '').replace(/^(?=[=+\-@\t\r])/, "'");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csvOf = (titles: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  MARK + [titles, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');

/** Hands a file to the browser, named by what it holds and the day. */
export function saveCsv(what: string, titles: readonly string[], rows: readonly (readonly Cell[])[], now: Date): void {
  const address = URL.createObjectURL(new Blob([csvOf(titles, rows)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `hearthline-${what}-${now.toISOString().slice(0, 10)}.csv`;
  link.click();
  URL.revokeObjectURL(address);
}
