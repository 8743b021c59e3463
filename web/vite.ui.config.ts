/** `npm run ui`: the page that shows the whole design system. */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { themeStyles } from './theme-css.ts';

export default defineConfig({
  root: fileURLToPath(new URL('./ui/showcase', import.meta.url)),
  plugins: [react(), themeStyles()],
  server: { port: Number(process.env.HEARTHLINE_UI_PORT ?? '5175'), fs: { allow: [fileURLToPath(new URL('..', import.meta.url))] } },
});
