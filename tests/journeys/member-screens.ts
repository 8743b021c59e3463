/** Every screen of the members' app in its states: the accessibility rules, nothing cut off, and the keyboard alone. */
import assert from 'node:assert/strict';
import { chatScreens } from '../shots/chats.ts';
import { callScreens, screens } from '../shots/screens.ts';
import { shopScreens } from '../shots/shop.ts';
import { answer, connected, over } from './call-steps.ts';
import type { Window } from './devices.ts';
import { journey } from './harness.ts';
import { fair } from './screens.ts';

// A look of each, as far apart as they can be; `npm run shots` holds every screen to the same rules in all eight.
const members: Window = { width: 360, dark: false, language: 'de' };
const conversations: Window = { width: 1280, dark: true, language: 'en' };

export const memberScreens = [
  journey('what one has and buying it is accessible in every state (desk, dark, English)', (world) =>
    shopScreens(world, conversations, (screen, page) => fair(page, screen)),
  ),

  journey('every screen of members is accessible and whole (phone, light, German)', async (world) => {
    const wrong: string[] = [];
    const judge = async (screen: string, page: Parameters<typeof fair>[0]): Promise<void> => {
      await fair(page, screen).catch((thrown) => wrong.push(String((thrown as Error).message)));
      if (!screen.startsWith('call,')) return;
      const small = await page.locator('.controls button').evaluateAll((buttons) =>
        buttons.flatMap((button) => {
          const { width, height, bottom } = button.getBoundingClientRect();
          const there = width >= 60 && height >= 60 && bottom <= innerHeight + 1;
          return there ? [] : [`${button.textContent} ${Math.round(width)}×${Math.round(height)}, ends at ${Math.round(bottom)}`];
        }),
      );
      if (small.length > 0) wrong.push(`${screen}: a control is small or out of sight: ${small.join('; ')}`);
    };
    await screens(world, members, judge);
    await callScreens(world, members, judge);
    assert.deepEqual(wrong, []);
  }),

  journey(
    'every screen of conversations is accessible and whole, with nothing too small to be hit (desk, dark, English)',
    async (world) => {
      const wrong: string[] = [];
      await chatScreens(world, conversations, async (screen, page) => {
        await fair(page, screen).catch((thrown) => wrong.push(String((thrown as Error).message)));
        const small = await page
          .locator('.chat-page button:visible, .chat-page a:visible, .chat-line button:visible')
          .evaluateAll((controls) =>
            controls.flatMap((control) => {
              const { width, height } = control.getBoundingClientRect();
              return width >= 47.5 && height >= 47.5 ? [] : [`${control.textContent} ${Math.round(width)}×${Math.round(height)}`];
            }),
          );
        if (small.length > 0) wrong.push(`${screen}: small: ${small.join('; ')}`);
      });
      assert.deepEqual(wrong, []);
    },
  ),

  journey('by the keyboard alone: to a person, into a call and out of it', async (world) => {
    const companion = await world.companion('grace@demo.test');
    const { email } = await world.newMember(200);
    const page = await world.signIn('app', email);
    await page.getByRole('link', { name: 'Talk to Grace' }).waitFor();
    const tabTo = async (name: string): Promise<void> => {
      for (let presses = 0; presses < 40; presses += 1) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
        if (at === name) return;
      }
      throw new Error(`“${name}” is not reached by Tab`);
    };
    await tabTo('Go to the content');
    await tabTo('Talk to Grace');
    await page.keyboard.press('Enter');
    await page.locator('.person-page').waitFor();
    await tabTo('Call Grace');
    await page.keyboard.press('Enter');
    await answer(companion);
    await connected(page);
    await tabTo('Mute');
    await page.keyboard.press('Space');
    await page.getByText('You are muted').waitFor();
    await tabTo('Hang up');
    await page.keyboard.press('Enter');
    await over(page, 'The call was ended.');
  }),
];
