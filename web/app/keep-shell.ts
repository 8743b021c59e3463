/** Keeps the app's shell on the device, so that it opens without a network (built only: in development nothing is kept). */
export function keepShell(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  addEventListener('load', () => void navigator.serviceWorker.register('/sw.js').catch(() => undefined), { once: true });
  if (document.readyState === 'complete') void navigator.serviceWorker.register('/sw.js').catch(() => undefined);
}
