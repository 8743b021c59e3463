import { type RefObject, useRef } from 'react';
import { useCommand } from '../frame/shortcuts.tsx';
import { useWords } from '../words.ts';

/**
 * J and K go through the rows of a list: the focus moves to the link (or button) of each that carries `data-row`, so that
 * Enter opens it and a screen reader follows.
 */
export function useRowKeys<T extends HTMLElement>(when = true): RefObject<T | null> {
  const { t } = useWords();
  const list = useRef<T>(null);
  const step = (by: 1 | -1): void => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    const at = rows.findIndex((row) => row === document.activeElement || row.closest('tr, li')?.contains(document.activeElement));
    const next = at < 0 ? (by === 1 ? rows[0] : rows.at(-1)) : rows[at + by];
    next?.focus();
  };
  useCommand({ keys: 'j', label: t('keys.next'), group: 'here', run: () => step(1) }, when);
  useCommand({ keys: 'k', label: t('keys.previous'), group: 'here', run: () => step(-1) }, when);
  return list;
}

/** The row that the keyboard stands on, by the id in its `data-row`. */
export const rowInFocus = (): string | null => {
  const row = document.activeElement?.closest('tr, li')?.querySelector<HTMLElement>('[data-row]');
  return row?.dataset.row ?? null;
};
