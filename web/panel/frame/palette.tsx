/** The command palette: every command there is, pages, and people by name; an id that is pasted opens what it names. */
import { Modal } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { searchPeople } from '../../../worker/protocol/http/staff-people.ts';
import { useSession } from '../../ui/session.tsx';
import { useStore } from '../../ui/use-store.ts';
import { useGo } from '../address.ts';
import { useWords } from '../words.ts';
import { keysShown, useRegistry } from './shortcuts.tsx';

interface Entry {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly run: () => void;
}

const opens: readonly [RegExp, (id: string) => string][] = [
  [/^call_[0-9a-z]{26}$/, (id) => `/calls/${id}`],
  [/^usr_[0-9a-z]{26}$/, (id) => `/people/${id}`],
  [/^tar_[0-9a-z]{26}$/, (id) => `/tariffs/${id}`],
];

export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useWords();
  const { t: words } = useTranslation();
  const { api, me } = useSession();
  const go = useGo();
  const commands = useStore(useRegistry().commands);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const wanted = text.trim();
  const found = useQuery({
    queryKey: ['palette', wanted],
    enabled: wanted.length >= 2 && me.permissions.includes('people.read'),
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => api.call(searchPeople, { query: { search: wanted, limit: 6 }, signal }),
  });
  const named = opens.find(([shape]) => shape.test(wanted));
  const entries: Entry[] = [
    ...(named ? [{ id: 'open', label: t('palette.open', { id: wanted }), hint: '', run: () => go(named[1](wanted)) }] : []),
    ...commands
      .filter(({ label, keys }) => keys !== 'mod+k' && label.toLowerCase().includes(wanted.toLowerCase()))
      .map(({ label, keys, run }, n) => ({ id: `command-${n}`, label, hint: keys ? keysShown(keys).join(' ') : '', run })),
    ...(wanted.length >= 2 ? (found.data?.items ?? []) : []).map(({ id, displayName, role }) => ({
      id,
      label: displayName || id,
      hint: t(`role.${role}`),
      run: () => go(`/people/${id}`),
    })),
  ];
  const chosen = Math.min(at, entries.length - 1);
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  const run = (entry: Entry | undefined): void => {
    if (!entry) return;
    onClose();
    entry.run();
  };
  const pressed = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt((chosen + step + entries.length) % Math.max(1, entries.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(entries[chosen]);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('palette.title')}
      closeButtonProps={{ 'aria-label': words('close') }}
      size="lg"
      centered={false}
    >
      <input
        className="field wide"
        role="combobox"
        aria-label={t('palette.label')}
        aria-expanded={entries.length > 0}
        aria-controls="palette-list"
        aria-activedescendant={entries.length > 0 ? `palette-${chosen}` : undefined}
        aria-autocomplete="list"
        placeholder={t('palette.label')}
        data-autofocus
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={pressed}
      />
      <div id="palette-list" role="listbox" aria-label={t('palette.results')} className="palette" ref={list}>
        {entries.map((entry, n) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard chooses from the field above
          <div key={entry.id} id={`palette-${n}`} role="option" tabIndex={-1} aria-selected={n === chosen} onClick={() => run(entry)}>
            <span>{entry.label}</span>
            <span className="soft">{entry.hint}</span>
          </div>
        ))}
      </div>
      {entries.length === 0 && <p className="soft pad">{t('palette.none')}</p>}
    </Modal>
  );
}
