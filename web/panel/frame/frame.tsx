/** The frame of every page: where one is, the ways around, what must be known everywhere. */
import { useMantineColorScheme } from '@mantine/core';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { appLanguage } from '../../../worker/protocol/http/comfort.ts';
import { useComfort } from '../../ui/comfort.tsx';
import { Lamp } from '../../ui/lamp.tsx';
import { useSession } from '../../ui/session.tsx';
import { useGo } from '../address.ts';
import { Choose } from '../desk/choose.tsx';
import { Menu } from '../desk/menu.tsx';
import { sectionsFor } from '../sections/index.ts';
import type { Section } from '../sections/section.ts';
import { useWords } from '../words.ts';
import { CheatSheet } from './cheat-sheet.tsx';
import { Freshness } from './freshness.tsx';
import { Palette } from './palette.tsx';
import { Keys, useCommand } from './shortcuts.tsx';

const looks = ['auto', 'light', 'dark'] as const;

export function Frame() {
  const { me, signOut } = useSession();
  const { t, i18n } = useWords();
  const { change } = useComfort();
  const { t: words } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const sections = sectionsFor(me.permissions);
  const here = sections.find(({ pages }) => path.startsWith(pages[0].path));
  useEffect(() => {
    document.title = here ? `${t(`sections.${here.name}`)} · ${t('title')}` : t('title');
  }, [here, t]);
  useCommand({ keys: 'mod+k', label: t('palette.title'), group: 'everywhere', run: () => setOpen('palette') });
  useCommand({ keys: '?', label: t('keys.title'), group: 'everywhere', run: () => setOpen('keys') });
  useCommand({ label: words('nav.signOut'), group: 'everywhere', run: () => void signOut() });
  return (
    <div className="frame panel">
      <a className="skip" href="#content">
        {words('skip')}
      </a>
      <header className="bar">
        <span className="brand">
          <Lamp size={24} />
          {words('brand')} <span className="brand-where">{words('where.panel')}</span>
        </span>
        <nav className="ways" aria-label={words('nav.label')}>
          {sections.map((section) => (
            <Way key={section.name} section={section} />
          ))}
        </nav>
        <div className="bar-end">
          <button type="button" className="act" onClick={() => setOpen('palette')}>
            {t('palette.button')} <Keys of="mod+k" />
          </button>
          <button type="button" className="act" onClick={() => setOpen('keys')} aria-label={t('keys.title')}>
            <Keys of="?" />
            <span className="keys-word">{t('keys.button')}</span>
          </button>
          <Menu
            label={
              <>
                {me.public.displayName || me.private.email} <span className="soft">{t(`role.${me.role}`)}</span>
              </>
            }
          >
            <Choose
              label={t('look.label')}
              value={colorScheme}
              options={looks}
              wordOf={(look) => t(`look.${look}`)}
              onChange={(look) => look && setColorScheme(look)}
            />
            <Choose
              label={t('language')}
              value={appLanguage.options.find((language) => language === i18n.language)}
              options={appLanguage.options}
              wordOf={(language) => new Intl.DisplayNames(language, { type: 'language' }).of(language) ?? language}
              onChange={(language) => language && void change({ language })}
            />
          </Menu>
          <button type="button" className="act" onClick={() => void signOut()}>
            {words('nav.signOut')}
          </button>
        </div>
      </header>
      <Freshness />
      <main className="content" id="content" tabIndex={-1}>
        <Outlet />
      </main>
      {open === 'palette' && <Palette onClose={() => setOpen(null)} />}
      {open === 'keys' && <CheatSheet onClose={() => setOpen(null)} />}
    </div>
  );
}

const nothingMarked = (): number => 0;
const MOST_MARKED = 99;

function Way({ section }: { section: Section }) {
  const { t } = useWords();
  const go = useGo();
  const [{ path }] = section.pages;
  const label = t(`sections.${section.name}`);
  const useMark = section.useMark ?? nothingMarked;
  const mark = useMark();
  useCommand({ keys: `g ${section.letter}`, label: t('goTo', { name: label }), group: 'go', run: () => go(path) });
  return (
    <Link to={path} activeProps={{ 'aria-current': 'page' }} title={`G ${section.letter.toUpperCase()}`}>
      {label}
      {mark > 0 && (
        <span className="must-look">
          <span className="unseen">{t('mustLook')}</span> {mark > MOST_MARKED ? `${MOST_MARKED}+` : mark}
        </span>
      )}
    </Link>
  );
}
