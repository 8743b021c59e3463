/** The companions' portal: one desk per browser, then whoever sits at it. */
import '../ui/styles.ts';
import './desk.css';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { beginWords } from '../ui/i18n.ts';
import { Root } from '../ui/session.tsx';
import { OneDeskGate } from './one-desk-gate.tsx';
import { router } from './router.tsx';
import { deskWords } from './words.ts';

const root = document.getElementById('root');
if (root) {
  await beginWords(deskWords);
  createRoot(root).render(
    <StrictMode>
      <OneDeskGate>
        <Root app="portal" serves={['companion']}>
          <RouterProvider router={router} />
        </Root>
      </OneDeskGate>
    </StrictMode>,
  );
}
