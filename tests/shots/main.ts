/**
 * `npm run shots [-- 360-light-en panel …]`: every screen of the members' app, the portal and the panel, on a phone and on
 * a desk, in light and dark, in both languages, as pictures in `shots/` with a page that shows them all. Of the eight looks
 * and the walks (`members`, `chats`, `calls`, `inbox`, `shop`, `portal`, `desk`, `panel`, `shop-desk`) all that none of is named. Each screen is held to
 * the accessibility rules as well: `npm test` walks a look or two of each app, this one walks all. Exit code 1 where one fails.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { stopAll } from '../../scripts/stack/processes.ts';
import { fair } from '../journeys/screens.ts';
import { World } from '../journeys/world.ts';
import { chatScreens } from './chats.ts';
import { deskScreens } from './desk.ts';
import { inboxScreens } from './inbox.ts';
import { panelScreens } from './panel.ts';
import { portalScreens } from './portal.ts';
import { callScreens, screens } from './screens.ts';
import { shopScreens } from './shop.ts';
import { shopDeskScreens } from './shop-desk.ts';

const walks = {
  members: screens,
  chats: chatScreens,
  calls: callScreens,
  inbox: inboxScreens,
  shop: shopScreens,
  portal: portalScreens,
  desk: deskScreens,
  panel: panelScreens,
  'shop-desk': shopDeskScreens,
} as const;

const folder = 'shots';
const wanted = process.argv.slice(2);
const state = process.env.HEARTHLINE_STATE || '.hearthline-shots';
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    void stopAll().then(() => process.exit(130));
  });

const looks = [360, 1280].flatMap((width) =>
  [false, true].flatMap((dark) => (['en', 'de'] as const).map((language) => ({ width, dark, language }))),
);
/** Those of `all` that were asked for; all where none of them was. */
const asked = <T>(all: readonly T[], nameOf: (one: T) => string): readonly T[] => {
  const some = all.filter((one) => wanted.includes(nameOf(one)));
  return some.length > 0 ? some : all;
};
const nameOf = ({ width, dark, language }: (typeof looks)[number]): string => `${width}-${dark ? 'dark' : 'light'}-${language}`;

rmSync(state, { recursive: true, force: true });
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const made = new Map<string, string[]>();
const wrong: string[] = [];
const world = await World.begin(state);
try {
  for (const look of asked(looks, nameOf)) {
    const take = async (screen: string, page: Page): Promise<void> => {
      const file = `${screen.replace(/\W+/g, '-')}-${nameOf(look)}.png`;
      // As tall as what it shows, so that bars that stay at the foot stand there and not in the middle of the picture.
      const size = page.viewportSize() ?? { width: look.width, height: 800 };
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      if (height > size.height && !/^call,|ring$/.test(screen)) await page.setViewportSize({ width: size.width, height });
      await page.screenshot({ path: join(folder, file) });
      await page.setViewportSize(size);
      made.set(screen, [...(made.get(screen) ?? []), file]);
      await fair(page, `${screen} (${nameOf(look)})`).catch((thrown) => wrong.push(String((thrown as Error).message)));
    };
    for (const [, walk] of asked(Object.entries(walks), ([name]) => name)) await walk(world, look, take);
    await world.closePages();
    console.log(`· ${nameOf(look)}`);
  }
} catch (thrown) {
  await world.keepPictures();
  throw thrown;
} finally {
  await world.end();
}
const rows = [...made].map(
  ([screen, files]) =>
    `<h2>${screen}</h2><div>${files.map((file) => `<figure><img loading="lazy" src="${file}"><figcaption>${file}</figcaption></figure>`).join('')}</div>`,
);
writeFileSync(
  join(folder, 'index.html'),
  `<!doctype html><meta charset="utf-8"><title>Screens</title><style>body{font:16px sans-serif;background:#ddd}div{display:flex;flex-wrap:wrap;gap:12px;align-items:flex-start}figure{margin:0}img{height:480px;display:block}</style>${rows.join('\n')}`,
);
console.log(`${[...made.values()].flat().length} pictures in ${folder}/index.html`);
for (const complaint of wrong) console.error(`✗ ${complaint}`);
console.log(`${[...made.values()].flat().length - wrong.length} accessible, ${wrong.length} not`);
process.exitCode = wrong.length > 0 ? 1 : 0;
