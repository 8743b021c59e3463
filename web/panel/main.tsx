/** The staff panel: its own origin, its own sign-in. */
import '../ui/styles.ts';
import './panel.css';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { beginWords } from '../ui/i18n.ts';
import { applyKeptLooks } from '../ui/looks.tsx';
import { Root, useSession } from '../ui/session.tsx';
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
await beginWords(panelWords);
const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <Root app="panel" serves={['supervisor', 'admin', 'superadmin']}>
        <Panel />
      </Root>
    </StrictMode>,
  );
