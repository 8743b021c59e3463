/**
 * Before the app's own script has come: the page is as dark as the device, who is signed in is being asked already, and for
 * somebody who is and comes home, who is here. The app takes the answers over (ui/early.ts); where this file does not come,
 * it asks by itself.
 */
document.documentElement.dataset.mantineColorScheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
window.hearthlineEarly = {};
const ask = (path) => {
  const answer = fetch(`/api/v1${path}`, { headers: { Accept: 'application/json', 'X-Hearthline-App': 'app' } });
  answer.catch(() => undefined);
  window.hearthlineEarly[`/api/v1${path}`] = answer;
  return answer;
};
ask('/me').then(
  ({ ok }) => {
    if (!ok || location.pathname !== '/') return;
    ask('/gallery?media=audio&limit=100');
    ask('/favorites?limit=100');
  },
  () => undefined,
);
