/** The members' app on a device without a network: its shell opens, says so, and goes on by itself. */
import { journey } from './harness.ts';

export const shell = [
  journey('without a network the app opens from the device, says so, and goes on by itself', async (world) => {
    const { email } = await world.newMember(100);
    const page = await world.signIn('app', email, { keepsApp: true });
    await page.getByText('Here now', { exact: true }).first().waitFor();
    // The shell is kept once the service worker is active; it takes over with the next visit.
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.reload();
    await page.getByText('Here now', { exact: true }).first().waitFor();
    await page.context().setOffline(true);
    await page.reload();
    await page.getByRole('heading', { name: 'We can’t reach Hearthline' }).waitFor();
    await page.context().setOffline(false);
    await page.getByText('Here now', { exact: true }).first().waitFor();
  }),
];
