/** The companions' portal: one desk per browser, then whoever sits at it. */
import '../ui/styles.ts';
import './desk.css';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Controls } from '../ui/controls.tsx';
import { arrive } from '../ui/go/arrive.ts';
import { beginWords } from '../ui/i18n.ts';
import { askWhoIsHere, patiently, receptionOf } from '../ui/reception.ts';
import { Root } from '../ui/root.tsx';
import { OneDeskGate } from './one-desk-gate.tsx';
import { router } from './router.tsx';
import { deskWords } from './words.ts';

async function open(root: HTMLElement): Promise<void> {
  arrive('/portal');
  const reception = receptionOf('portal');
  await Promise.all([beginWords(deskWords), patiently(askWhoIsHere(reception))]);
  createRoot(root).render(
    <StrictMode>
      <Controls>
        <OneDeskGate>
          <Root reception={reception} serves={['companion']}>
            <RouterProvider router={router} />
          </Root>
        </OneDeskGate>
      </Controls>
    </StrictMode>,
  );
}

const root = document.getElementById('root');
if (root) void open(root);
