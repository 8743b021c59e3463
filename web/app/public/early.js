/**
 * Before the app's own script has come: the page is as dark as the device, and who is signed in is being asked already.
 * The app takes the answer over (ui/early.ts); where this file does not come, it asks by itself.
 */
document.documentElement.dataset.mantineColorScheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
window.hearthlineMe = fetch('/api/v1/me', { headers: { Accept: 'application/json', 'X-Hearthline-App': 'app' } });
window.hearthlineMe.catch(() => undefined);
