/** `npm run icons`: the app's icons as PNG files, drawn by Chromium from `web/ui/lamp.svg`. */
import { mkdirSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { findChromium } from './test/chromium.ts';

const folder = 'web/app/public/icons';
const lamp = readFileSync('web/ui/lamp.svg', 'utf8');
/** `inset`: the part of the side left free around the lamp; a maskable icon is cut to any shape by the device. */
const icons = [
  { name: '192', side: 192, inset: 0, ground: 'transparent' },
  { name: '512', side: 512, inset: 0, ground: 'transparent' },
  { name: 'maskable-512', side: 512, inset: 0.14, ground: '#faf6ef' },
] as const;

const executablePath = findChromium();
if (!executablePath) throw new Error('Chromium is needed to draw the icons');
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  for (const { name, side, inset, ground } of icons) {
    const page = await browser.newPage({ viewport: { width: side, height: side } });
    const inner = Math.round(side * (1 - 2 * inset));
    await page.setContent(
      `<style>*{margin:0}body{background:${ground};display:grid;place-items:center;height:${side}px}svg{width:${inner}px;height:${inner}px;display:block}</style>${lamp}`,
    );
    await page.screenshot({ path: `${folder}/${name}.png`, omitBackground: ground === 'transparent' });
    await page.close();
  }
} finally {
  await browser.close();
}
