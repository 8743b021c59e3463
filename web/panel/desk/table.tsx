/** Dense tables: which columns stand there is chosen by whoever looks, and kept for them; what stands there can be saved as CSV. */
import { type ReactNode, type Ref, useState } from 'react';
import { useSession } from '../../ui/session.tsx';
import { useWords } from '../words.ts';
import { Across } from './across.tsx';
import { type Choosable, choicesFrom, isShown, toggled } from './columns.ts';
import { type Cell, saveCsv } from './csv.ts';
import { Menu } from './menu.tsx';

export interface Column<T> extends Choosable {
  readonly title: string;
  readonly figure?: boolean;
  /** Sentences, that may take several lines. */
  readonly text?: boolean;
  readonly draw: (row: T) => ReactNode;
  /** The same for a spreadsheet: times as they came, amounts as numbers. */
  readonly plain: (row: T) => Cell;
}

export interface Table<T> {
  readonly name: string;
  readonly all: readonly Column<T>[];
  readonly shown: readonly Column<T>[];
  readonly toggle: (column: Column<T>) => void;
}

/** @param name of the table, for what is kept and for the file */
export function useTable<T>(name: string, all: readonly Column<T>[]): Table<T> {
  const { me } = useSession();
  const key = `hearthline.panel.columns.${me.id}`;
  const [choice, setChoice] = useState(() => choicesFrom(localStorage.getItem(key))[name] ?? {});
  return {
    name,
    all,
    shown: all.filter((column) => isShown(column, choice)),
    toggle: (column) => {
      const next = toggled(column, choice);
      setChoice(next);
      localStorage.setItem(key, JSON.stringify({ ...choicesFrom(localStorage.getItem(key)), [name]: next }));
    },
  };
}

export function TableTools<T>({ of, rows }: { of: Table<T>; rows: readonly T[] }) {
  const { t } = useWords();
  const titles = of.shown.map(({ title }) => title);
  return (
    <div className="table-tools">
      <Menu label={t('table.columns')}>
        {of.all
          .filter(({ always }) => !always)
          .map((column) => (
            <label key={column.name} className="tick">
              <input type="checkbox" checked={of.shown.includes(column)} onChange={() => of.toggle(column)} /> {column.title}
            </label>
          ))}
      </Menu>
      <SaveCsv what={of.name} titles={titles} rows={() => rows.map((row) => of.shown.map(({ plain }) => plain(row)))} count={rows.length} />
    </div>
  );
}

/** @param props.rows made when it is pressed */
export function SaveCsv(props: { what: string; titles: readonly string[]; rows: () => readonly (readonly Cell[])[]; count: number }) {
  const { t } = useWords();
  return (
    <button
      type="button"
      className="act"
      disabled={props.count === 0}
      onClick={() => saveCsv(props.what, props.titles, props.rows(), new Date())}
    >
      {t('table.csv', { count: props.count })}
    </button>
  );
}

interface RowsProps<T> {
  readonly of: Table<T>;
  readonly rows: readonly T[];
  readonly idOf: (row: T) => string;
  readonly label: string;
  readonly tableRef?: Ref<HTMLTableElement>;
  /** Whether it is over and only stands there until the list moves on. */
  readonly isGone?: (row: T) => boolean;
}

export function Rows<T>({ of, rows, idOf, label, tableRef, isGone }: RowsProps<T>) {
  return (
    <Across label={label}>
      <table ref={tableRef} className="rows-table">
        <thead>
          <tr>
            {of.shown.map(({ name, title, figure }) => (
              <th key={name} scope="col" className={figure ? 'figure' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={idOf(row)} className={isGone?.(row) ? 'gone' : undefined}>
              {of.shown.map(({ name, figure, text, draw }) => (
                <td key={name} className={figure ? 'figure' : text ? 'text' : undefined}>
                  {draw(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Across>
  );
}
