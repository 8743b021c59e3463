/**
 * How the app shows itself to this person: size, contrast, motion, language, ring. Applied to the whole page at once, and
 * remembered on the device, so that the next visit already begins as it should.
 */
import { useEffect } from 'react';
import type { Comfort } from '../../worker/protocol/http/comfort.ts';
import { deviceLanguage, keepLanguage, locale, speak } from './i18n.ts';
import { soundSettings } from './sound.ts';

type Looks = Pick<Comfort, 'textSize' | 'contrast' | 'calmMotion' | 'ringVolume' | 'vibration'>;

const KEPT = 'hearthline.comfort';

/** Puts the looks on the page: text by the root's size, the rest as attributes the styles follow. */
function applyLooks({ textSize, contrast, calmMotion, ringVolume, vibration }: Looks): void {
  const root = document.documentElement;
  root.style.setProperty('--text-scale', String(textSize / 100));
  root.dataset.contrast = contrast;
  root.dataset.motion = calmMotion ? 'calm' : 'full';
  root.dataset.text = textSize >= 150 ? 'huge' : textSize >= 125 ? 'large' : 'normal';
  soundSettings.volume = ringVolume / 100;
  soundSettings.vibration = vibration;
}

/** Before anybody is signed in: as this device was left. */
export function applyKeptLooks(): void {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? 'null');
    if (kept && typeof kept === 'object') applyLooks(kept as Looks);
  } catch {
    // What was kept can't be read; the person's own settings come with the sign-in.
  }
}

/** As dark as the device, also when that changes while the page is open. */
export function followDeviceScheme(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const show = (): void => {
    document.documentElement.dataset.mantineColorScheme = dark.matches ? 'dark' : 'light';
  };
  dark.addEventListener('change', show);
  show();
}

/** Follows the signed-in person's settings for as long as it stands on the page. */
export function ComfortApplied({ comfort }: { comfort: Comfort }) {
  const { textSize, contrast, calmMotion, ringVolume, vibration, language } = comfort;
  useEffect(() => {
    const looks = { textSize, contrast, calmMotion, ringVolume, vibration };
    applyLooks(looks);
    localStorage.setItem(KEPT, JSON.stringify(looks));
  }, [textSize, contrast, calmMotion, ringVolume, vibration]);
  useEffect(() => {
    keepLanguage(language);
    const spoken = language ?? deviceLanguage();
    if (spoken !== locale()) void speak(spoken);
  }, [language]);
  return null;
}
