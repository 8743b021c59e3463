/** Everything the apps are made of, on one page: for who builds with it, not for those who use Hearthline. */
import '../styles.ts';
import './showcase.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { beginWords } from '../i18n.ts';
import { Showcase } from './showcase.tsx';

await beginWords();
const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <Showcase />
    </StrictMode>,
  );
