/** The staff panel: its own origin, its own sign-in. */
import '../ui/styles.ts';
import './panel.css';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Controls } from '../ui/controls.tsx';
import { beginWords } from '../ui/i18n.ts';
import { applyKeptLooks } from '../ui/looks.tsx';
import { askWhoIsHere, patiently, receptionOf } from '../ui/reception.ts';
import { Root } from '../ui/root.tsx';
import { useSession } from '../ui/session.tsx';
import { Shortcuts } from './frame/shortcuts.tsx';
import { routerFor } from './router.tsx';
import { panelWords } from './words.ts';

function Panel() {
  const { me } = useSession();
  const [router] = useState(() => routerFor(me.permissions));
  return (
    <Shortcuts>
      <RouterProvider router={router} />
    </Shortcuts>
  );
}

applyKeptLooks();
const reception = receptionOf('panel');

async function open(root: HTMLElement): Promise<void> {
  await Promise.all([beginWords(panelWords), patiently(askWhoIsHere(reception))]);
  createRoot(root).render(
    <StrictMode>
      <Controls>
        <Root reception={reception} serves={['supervisor', 'admin', 'superadmin']}>
          <Panel />
        </Root>
      </Controls>
    </StrictMode>,
  );
}

const root = document.getElementById('root');
if (root) void open(root);
