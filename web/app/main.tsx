/** The members' app. */
import '../ui/styles.ts';
import './app.css';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { beginWords } from '../ui/i18n.ts';
import { applyKeptLooks } from '../ui/looks.tsx';
import { Root } from '../ui/session.tsx';
import { keepShell } from './keep-shell.ts';
import { router } from './router.tsx';
import { words } from './words.ts';

const Welcome = lazy(() => import('./welcome.tsx').then(({ Welcome }) => ({ default: Welcome })));

applyKeptLooks();
await beginWords(words);
const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <Root app="app" serves={['member']} welcome={<Welcome />}>
        <RouterProvider router={router} />
      </Root>
    </StrictMode>,
  );
keepShell();
