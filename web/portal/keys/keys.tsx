/** The shortcuts on the page: one listener, whoever is on the screen says what they answer to. */
import { Modal } from '@mantine/core';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keyCaps, type Pending, press, type ShortcutId, shortcutGroups, shortcutIds, shortcuts } from './registry.ts';

interface Desk {
  readonly on: boolean;
  readonly listen: (id: ShortcutId, work: () => void) => () => void;
  readonly openHelp: () => void;
}

const Keys = createContext<Desk | null>(null);
const KEPT = 'hearthline.keys';

export function KeysProvider({ children }: { children: ReactNode }) {
  const listeners = useRef(new Map<ShortcutId, (() => void)[]>());
  const [on, setOn] = useState(() => localStorage.getItem(KEPT) !== 'off');
  const [helpOpen, setHelpOpen] = useState(false);

  const desk = useMemo<Desk>(
    () => ({
      on,
      openHelp: () => setHelpOpen(true),
      listen(id, work) {
        const map = listeners.current;
        map.set(id, [...(map.get(id) ?? []), work]);
        return () => {
          const rest = (map.get(id) ?? []).filter((each) => each !== work);
          if (rest.length > 0) map.set(id, rest);
          else map.delete(id);
        };
      },
    }),
    [on],
  );

  useEffect(() => {
    if (!on) return;
    let pending: Pending | null = null;
    const down = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return;
      const at = event.target instanceof Element ? event.target : null;
      const digit = event.altKey ? /^Digit(\d)$/.exec(event.code)?.[1] : undefined;
      const outcome = press(
        {
          key: digit ?? event.key,
          ctrl: event.ctrlKey,
          alt: digit !== undefined,
          other: (event.altKey && digit === undefined) || event.metaKey,
          inText: at?.closest('input:not([type="radio"], [type="checkbox"], [type="range"]), textarea, select, [contenteditable]') != null,
          onControl: at?.closest('button, a, input, summary, label') != null,
          inDialog: at?.closest('[role="dialog"]') != null,
          repeat: event.repeat,
        },
        new Set([...listeners.current.keys(), 'help']),
        pending,
        event.timeStamp,
      );
      pending = outcome.pending;
      if (!outcome.fired) return;
      event.preventDefault();
      if (outcome.fired === 'help') setHelpOpen((open) => !open);
      else listeners.current.get(outcome.fired)?.at(-1)?.();
    };
    document.addEventListener('keydown', down);
    return () => document.removeEventListener('keydown', down);
  }, [on]);

  const turn = (next: boolean): void => {
    localStorage.setItem(KEPT, next ? 'on' : 'off');
    setOn(next);
  };
  return (
    <Keys value={desk}>
      {children}
      <CheatSheet opened={helpOpen} onClose={() => setHelpOpen(false)} on={on} onTurn={turn} />
    </Keys>
  );
}

function useKeys(): Desk {
  const desk = useContext(Keys);
  if (!desk) throw new Error('shortcuts need their provider');
  return desk;
}

/** `work` is done when the keys are pressed, for as long as this stands on the screen and `active`. */
export function useShortcut(id: ShortcutId, work: () => void, active = true): void {
  const { listen } = useKeys();
  const latest = useRef(work);
  latest.current = work;
  useEffect(() => (active ? listen(id, () => latest.current()) : undefined), [id, active, listen]);
}

/** The keys beside a control; nothing where shortcuts are turned off. Read aloud by the control's own name only. */
export function Caps({ id }: { id: ShortcutId }) {
  const { on } = useKeys();
  if (!on) return null;
  return (
    <span className="caps" aria-hidden="true">
      {keyCaps(id).map((cap, index) => (
        <kbd key={index}>{cap}</kbd>
      ))}
    </span>
  );
}

export function HelpButton() {
  const { openHelp } = useKeys();
  const { t } = useTranslation();
  return (
    <button type="button" className="keys-help" onClick={openHelp}>
      <span className="grow">{t('desk.keys.open')}</span>
      <Caps id="help" />
    </button>
  );
}

function CheatSheet({ opened, onClose, on, onTurn }: { opened: boolean; onClose: () => void; on: boolean; onTurn: (on: boolean) => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('desk.keys.title')}
      size="lg"
      zIndex={300}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <div className="stack">
        <label className="tick">
          <input type="checkbox" checked={on} onChange={(event) => onTurn(event.currentTarget.checked)} />
          {t('desk.keys.on')}
        </label>
        <div className="cheat">
          {shortcutGroups.map((group) => (
            <section key={group} aria-label={t(`desk.keys.group.${group}`)}>
              <h3>{t(`desk.keys.group.${group}`)}</h3>
              <dl>
                {shortcutIds
                  .filter((id) => shortcuts[id].group === group)
                  .map((id) => (
                    <div key={id} className="cheat-line">
                      <dt>{t(`desk.keys.what.${id}`)}</dt>
                      <dd>
                        {keyCaps(id).map((cap, index) => (
                          <kbd key={index}>{cap}</kbd>
                        ))}
                      </dd>
                    </div>
                  ))}
              </dl>
            </section>
          ))}
        </div>
      </div>
    </Modal>
  );
}
