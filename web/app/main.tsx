/** The members' app. */
import '../ui/styles.ts';
import './app.css';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { breath } from '../ui/breath.ts';
import { beginWords } from '../ui/i18n.ts';
import { applyKeptLooks, followDeviceScheme } from '../ui/looks.tsx';
import { askWhoIsHere, patiently, receptionOf } from '../ui/reception.ts';
import { Root } from '../ui/root.tsx';
import { peopleAhead } from './ahead.ts';
import { keepShell } from './keep-shell.ts';
import { appRouter } from './router.tsx';
import { words } from './words.ts';

const Welcome = lazy(() => import('./welcome.tsx').then(({ Welcome }) => ({ default: Welcome })));

// In tasks of their own, so that none keeps the visitor waiting for long: asking first, for it takes the longest.
const reception = receptionOf('app');
const asked = askWhoIsHere(reception, (me) => peopleAhead(reception, me));
followDeviceScheme();
applyKeptLooks();
// Only who comes by a link or an advertisement loads what keeps them.
if (location.pathname.startsWith('/go/') || location.search !== '') void import('../ui/go/arrive.ts').then(({ arrive }) => arrive(''));

/** Draws the app once it has its words and, if that does not take long, what the visitor came for. */
async function open(root: HTMLElement): Promise<void> {
  await breath();
  await beginWords(words);
  await breath();
  const router = appRouter();
  await patiently(asked, router.load());
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
}

// Not awaited: what is loaded later stands on this module, and would wait for its end while it waits for them.
const root = document.getElementById('root');
if (root) void open(root);
