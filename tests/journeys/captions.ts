/** Captions: written by the speaker's device alone, read by the other alone, and said plainly where they can't be had. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { answer, connected, hangUp, ring } from './call-steps.ts';
import { eventually, journey } from './harness.ts';

interface Spoken {
  readonly said: string[];
  readonly started: { lang: string; processLocally: boolean; track: string | undefined }[];
  say(text: string, final: boolean): void;
  running(): number;
}
type Hooked = typeof globalThis & { spoken: Spoken };

/**
 * A recogniser that hears what the journey says: headless Chromium has none. It stands in the place of the browser's
 * own, with the parts of it that the app relies on.
 */
function standInRecognizer(answers: 'available' | 'downloadable'): void {
  type Handler = ((event: unknown) => void) | null;
  const running = new Set<StandIn>();
  const started: Spoken['started'] = [];
  let ready = answers === 'available';
  class StandIn {
    static available = async () => (ready ? 'available' : 'downloadable');
    static install = async () => {
      ready = true;
      return true;
    };
    lang = '';
    processLocally = false;
    onresult: Handler = null;
    onerror: Handler = null;
    onend: Handler = null;
    results: { isFinal: boolean; 0: { transcript: string } }[] = [];
    start(track?: MediaStreamTrack): void {
      started.push({ lang: this.lang, processLocally: this.processLocally, track: track?.kind });
      running.add(this);
    }
    abort(): void {
      running.delete(this);
      this.onend?.({});
    }
  }
  const spoken: Spoken = {
    said: [],
    started,
    say: (text, final) => {
      for (const each of running) {
        if (each.results.at(-1)?.isFinal !== false) each.results.push({ isFinal: final, 0: { transcript: text } });
        else each.results[each.results.length - 1] = { isFinal: final, 0: { transcript: text } };
        each.onresult?.({ resultIndex: each.results.length - 1, results: each.results });
      }
    },
    running: () => running.size,
  };
  Object.assign(globalThis, { SpeechRecognition: StandIn, spoken });
}

/** A browser without a recogniser that stays on the device. */
function noRecognizer(): void {
  Object.assign(globalThis, { SpeechRecognition: undefined, webkitSpeechRecognition: undefined });
}

const say = (page: Page, text: string, final = true) =>
  page.evaluate(([words, last]) => (globalThis as Hooked).spoken.say(words as string, last as boolean), [text, final] as const);
const running = (page: Page) => page.evaluate(() => (globalThis as Hooked).spoken.running());

export const captions = [
  journey('captions: the companion’s device writes, the member reads, and nobody else hears of it', async (world) => {
    const companion = await world.companion('grace@demo.test', { altered: true });
    await companion.addInitScript(standInRecognizer, 'available' as const);
    await companion.reload();
    await companion.getByRole('heading', { name: 'You are at work' }).waitFor();
    const { email, member } = await world.newMember(200);
    await member.ask('PATCH', '/me', { public: { displayName: 'Wilma' }, comfort: { captions: true } });
    const page = await world.signIn('app', email);
    const sent: string[] = [];
    companion.on('request', (request) => sent.push(request.postData() ?? ''));
    companion.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(String(payload))));
    await ring(page, 'Grace');
    await answer(companion);
    await connected(page, companion);
    await page.getByText('What Grace says will stand here.').waitFor();
    await companion.getByText('Wilma reads captions. Your device writes what you say and sends it only to Wilma.').waitFor();
    await companion.waitForFunction(() => (globalThis as Hooked).spoken.running() === 1);
    const [started] = await companion.evaluate(() => (globalThis as Hooked).spoken.started);
    assert.deepEqual(started, { lang: 'en-GB', processLocally: true, track: 'audio' });

    await say(companion, 'Good mor', false);
    await page.getByText('Good mor', { exact: true }).waitFor();
    await say(companion, 'Good morning, Wilma.');
    await page.getByText('Good morning, Wilma.', { exact: true }).waitFor();
    await page.getByText('Good mor', { exact: true }).waitFor({ state: 'detached' });

    await companion.getByRole('button', { name: 'Mute' }).click();
    await companion.getByRole('button', { name: 'Unmute' }).waitFor();
    await eventually('nobody writes what is muted', async () => (await running(companion)) === 0);
    await companion.getByRole('button', { name: 'Unmute' }).click();
    await companion.waitForFunction(() => (globalThis as Hooked).spoken.running() === 1);
    await say(companion, 'Here I am again.');
    await page.getByText('Here I am again.', { exact: true }).waitFor();

    await page.getByRole('button', { name: 'Captions off' }).click();
    await page.getByTestId('captions').waitFor({ state: 'detached' });
    await companion.waitForFunction(() => (globalThis as Hooked).spoken.running() === 0);
    await page.getByRole('button', { name: 'Captions', exact: true }).click();
    await companion.waitForFunction(() => (globalThis as Hooked).spoken.running() === 1);

    await hangUp(page);
    await page.getByTestId('receipt-plain').waitFor();
    await eventually('nobody writes after the call', async () => (await running(companion)) === 0);
    assert.ok(
      sent.some((text) => text.includes('media.connected')),
      'what the companion’s device sends to the server is seen',
    );
    assert.deepEqual(
      sent.filter((text) => /Good mor|again/.test(text)),
      [],
      'no word of it goes to the server',
    );
  }),

  journey('captions: a language is fetched only when the companion allows it, and a browser that can’t says so to both', async (world) => {
    const { email, member } = await world.newMember(400);
    await member.ask('PATCH', '/me', { public: { displayName: 'Wilma' }, comfort: { captions: true } });
    const page = await world.signIn('app', email);
    const companion = await world.companion('grace@demo.test', { altered: true });
    await companion.addInitScript(standInRecognizer, 'downloadable' as const);
    await companion.reload();
    await companion.getByRole('heading', { name: 'You are at work' }).waitFor();
    await ring(page, 'Grace');
    await answer(companion);
    await connected(page, companion);
    await page.getByText('Grace’s device can write captions once it has fetched the language.').waitFor();
    await companion.getByRole('button', { name: 'Fetch it' }).click();
    await companion.waitForFunction(() => (globalThis as Hooked).spoken.running() === 1);
    await say(companion, 'Now I can.');
    await page.getByText('Now I can.', { exact: true }).waitFor();
    await hangUp(page);
    await page.getByTestId('receipt-plain').waitFor();

    await companion.addInitScript(noRecognizer);
    await companion.goto(`${world.stack.origins.app}/portal/`);
    await companion.getByRole('heading', { name: 'You are at work' }).waitFor();
    await page.goto(world.stack.origins.app);
    await ring(page, 'Grace');
    await answer(companion);
    await connected(page, companion);
    await page.getByText('No captions in this call: Grace’s browser can’t write what is said.').waitFor();
    await companion.getByText('Wilma would like captions, but your browser can’t write them.').waitFor();
    await hangUp(page);
  }),
];
