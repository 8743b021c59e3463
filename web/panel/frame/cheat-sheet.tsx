import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useStore } from '../../ui/use-store.ts';
import { useWords } from '../words.ts';
import { type Command, keysShown, useRegistry } from './shortcuts.tsx';

const groups = ['everywhere', 'go', 'here'] as const satisfies readonly Command['group'][];

/** What the keyboard can do on this page, and the switch that turns it off. */
export function CheatSheet({ onClose }: { onClose: () => void }) {
  const { t } = useWords();
  const { t: words } = useTranslation();
  const registry = useRegistry();
  const on = useStore(registry.on);
  const commands = useStore(registry.commands).filter(({ keys }) => keys !== undefined);
  return (
    <Modal opened onClose={onClose} title={t('keys.title')} closeButtonProps={{ 'aria-label': words('close') }} size="lg">
      <div className="stack-tight">
        <label className="tick">
          <input type="checkbox" checked={on} onChange={(event) => registry.switch(event.currentTarget.checked)} /> {t('keys.on')}
        </label>
        {groups.map((group) => {
          const mine = commands.filter((command) => command.group === group);
          if (mine.length === 0) return null;
          return (
            <section key={group}>
              <h2 className="small-head">{t(`keys.group.${group}`)}</h2>
              <dl className="cheats">
                {mine.map(({ keys = '', label }) => (
                  <div key={`${keys} ${label}`}>
                    <dt>{label}</dt>
                    <dd className="keys">
                      {keysShown(keys).map((key) => (
                        <kbd key={key}>{key}</kbd>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
    </Modal>
  );
}
