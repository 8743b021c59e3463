/**
 * The one registry of shortcuts: the keyboard handler, the hints on buttons, the cheat sheet and the command palette all
 * read it. Nothing fires while somebody types or a dialog is open, and all of it can be switched off (WCAG 2.1.4).
 */
import { createContext, type ReactNode, useContext, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { Store } from '../../client/store.ts';
import { useStore } from '../../ui/use-store.ts';

export interface Command {
  /** `j`, `?`, `ArrowLeft`, `g c` (one after the other) or `mod+k` (Ctrl, on a Mac ⌘); undefined: in the palette only. */
  readonly keys?: string | undefined;
  readonly label: string;
  /** Under which heading the cheat sheet lists it. */
  readonly group: 'everywhere' | 'go' | 'here';
  readonly run: () => void;
}

const OFF = 'hearthline.panel.shortcuts';
/** How long after G the letter may take. */
const SEQUENCE_MS = 1500;

class Registry {
  readonly commands = new Store<readonly Command[]>([]);
  readonly on = new Store(localStorage.getItem(OFF) !== 'off');
  #held: { key: string; at: number } | null = null;
  #inDialog = false;

  add(command: Command): () => void {
    this.commands.set([...this.commands.get(), command]);
    return () => this.commands.set(this.commands.get().filter((other) => other !== command));
  }

  switch(on: boolean): void {
    localStorage.setItem(OFF, on ? 'on' : 'off');
    this.on.set(on);
  }

  /** Before anybody else hears of the key: Escape closes a dialog, and is not to leave the page behind it as well. */
  readonly looked = (): void => {
    this.#inDialog = document.querySelector('[role="dialog"]') !== null;
  };

  readonly pressed = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.altKey || isTyping(event.target) || this.#inDialog) return;
    const mod = event.ctrlKey || event.metaKey;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    // The palette stays: it is no single letter that could be pressed by mistake.
    if (!this.on.get() && !mod) return;
    const before = this.#held && event.timeStamp - this.#held.at < SEQUENCE_MS ? `${this.#held.key} ` : '';
    this.#held = null;
    const wanted = mod ? `mod+${key}` : `${before}${key}`;
    // What was registered last stands nearest: a page's own before the frame's.
    const found = this.commands.get().findLast((command) => command.keys === wanted);
    if (found) {
      event.preventDefault();
      found.run();
    } else if (!mod && key === 'g') this.#held = { key, at: event.timeStamp };
  };
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type);
}

const RegistryContext = createContext<Registry | null>(null);

export function Shortcuts({ children }: { children: ReactNode }) {
  const registry = useMemo(() => new Registry(), []);
  useEffect(() => {
    addEventListener('keydown', registry.looked, true);
    addEventListener('keydown', registry.pressed);
    return () => {
      removeEventListener('keydown', registry.looked, true);
      removeEventListener('keydown', registry.pressed);
    };
  }, [registry]);
  return <RegistryContext.Provider value={registry}>{children}</RegistryContext.Provider>;
}

export function useRegistry(): Registry {
  const registry = useContext(RegistryContext);
  if (!registry) throw new Error('shortcuts need their registry');
  return registry;
}

/** Registers a command while the component is shown and `when` holds. */
export function useCommand({ keys, label, group, run }: Command, when = true): void {
  const registry = useRegistry();
  const latest = useRef(run);
  useLayoutEffect(() => {
    latest.current = run;
  });
  // With what is drawn, not after it: who sees the page may press the key.
  useLayoutEffect(
    () => (when ? registry.add({ keys, label, group, run: () => latest.current() }) : undefined),
    [registry, keys, label, group, when],
  );
}

const mac = /Mac|iP(hone|ad)/.test(navigator.platform);
const signs: Readonly<Record<string, string>> = { ArrowLeft: '←', ArrowRight: '→', Escape: 'Esc', Enter: '↵', mod: mac ? '⌘' : 'Ctrl' };

/** Keys as people read them: `G C`, `Ctrl K`. */
export const keysShown = (keys: string): string[] =>
  keys.split(/[ +]/).map((key) => signs[key] ?? (key.length === 1 ? key.toUpperCase() : key));

/** The keys of a command beside its button; nothing while shortcuts are off. */
export function Keys({ of }: { of: string }) {
  const on = useStore(useRegistry().on);
  if (!on && !of.startsWith('mod+')) return null;
  return (
    <span className="keys" aria-hidden="true">
      {keysShown(of).map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}
