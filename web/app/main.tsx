/** The members' app. */
import '../ui/styles.ts';
import './app.css';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { beginWords } from '../ui/i18n.ts';
import { applyKeptLooks } from '../ui/looks.tsx';
import { askWhoIsHere, patiently, receptionOf } from '../ui/reception.ts';
import { Root } from '../ui/root.tsx';
import { peopleAhead } from './ahead.ts';
import { keepShell } from './keep-shell.ts';
import { router } from './router.tsx';
import { words } from './words.ts';

const Welcome = lazy(() => import('./welcome.tsx').then(({ Welcome }) => ({ default: Welcome })));

applyKeptLooks();
const reception = receptionOf('app');
await Promise.all([
  beginWords(words),
  patiently(
    router.load(),
    askWhoIsHere(reception, (me) => peopleAhead(reception, me)),
  ),
]);
const root = document.getElementById('root');
if (root)
  // Not urgent: it is drawn in slices, and a tap in between is heard.
  startTransition(() =>
    createRoot(root).render(
      <StrictMode>
        <Root reception={reception} serves={['member']} welcome={<Welcome />}>
          <RouterProvider router={router} />
        </Root>
      </StrictMode>,
    ),
  );
keepShell();
