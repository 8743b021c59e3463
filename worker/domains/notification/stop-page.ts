/** The page behind “Stop mails like this one”: plain words, one large button, no script; it works in every browser. */
import type { AppLanguage } from '../../protocol/http/comfort.ts';
import { layoutWords } from './words/layout-words.ts';
import type { MailGroup } from './words/mail-groups.ts';

/** `asks`: nothing has happened yet; `stopped` and `sends`: how it stands; `broken`: the link is none of ours. */
export type StopState = 'asks' | 'stopped' | 'sends' | 'broken';

interface PageWords {
  readonly title: string;
  readonly lead: string;
  readonly button?: string;
}

const pages: Readonly<Record<AppLanguage, (about: string) => Readonly<Record<StopState, PageWords>>>> = {
  en: (about) => ({
    asks: {
      title: 'Stop these mails?',
      lead: `You get mails about ${about} from Hearthline. Nothing has changed yet.`,
      button: 'Yes, stop them',
    },
    stopped: {
      title: 'We have stopped them',
      lead: `We send you no more mails about ${about}. Everything else stays as it was.`,
      button: 'Send them again',
    },
    sends: {
      title: 'We send them again',
      lead: `You will get mails about ${about} again.`,
      button: 'Stop them after all',
    },
    broken: {
      title: 'This link does not work',
      lead: 'A part of it may be missing. Open it from the mail again. You can also choose which mails you get in the app, under Settings, Notifications.',
    },
  }),
  de: (about) => ({
    asks: {
      title: 'Diese Mails nicht mehr senden?',
      lead: `Sie bekommen von Hearthline Mails über ${about}. Noch hat sich nichts geändert.`,
      button: 'Ja, nicht mehr senden',
    },
    stopped: {
      title: 'Wir senden sie nicht mehr',
      lead: `Sie bekommen keine Mails mehr über ${about}. Alles andere bleibt, wie es war.`,
      button: 'Doch wieder senden',
    },
    sends: {
      title: 'Wir senden sie wieder',
      lead: `Sie bekommen wieder Mails über ${about}.`,
      button: 'Doch nicht mehr senden',
    },
    broken: {
      title: 'Dieser Link geht nicht',
      lead: 'Vielleicht fehlt ein Stück davon. Öffnen Sie ihn noch einmal aus der Mail. Welche Mails Sie bekommen, können Sie auch in der App wählen, unter Einstellungen, Benachrichtigungen.',
    },
  }),
};

const style = `
:root{color-scheme:light dark;--ink:#26211c;--soft:#5d544a;--paper:#fdfaf5;--do:#0b5f57;--on:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#f1e9de;--soft:#c0b4a5;--paper:#1c1815;--do:#7fd0c6;--on:#10211f}}
body{margin:0;background:var(--paper);color:var(--ink);font:1.25rem/1.6 'Atkinson Hyperlegible Next',Verdana,sans-serif}
main{max-width:34rem;margin:0 auto;padding:3rem 1.25rem}h1{font-size:2rem;line-height:1.2;margin:0 0 1rem}
p{margin:0 0 1.5rem}.brand{color:var(--soft);margin:0 0 2rem;font-weight:700}
button{font:inherit;font-weight:700;min-height:3.5rem;padding:.5rem 1.75rem;border:0;border-radius:.9rem;background:var(--do);color:var(--on);cursor:pointer}
button.quiet{background:none;color:var(--do);box-shadow:inset 0 0 0 2px var(--do)}
button:focus-visible{outline:3px solid var(--ink);outline-offset:3px}`;

/** Its answer: the page may send its own form and do nothing else. Its own origin is told, so that it counts as our page. */
export function stopPage(state: StopState, { group, language }: { group: MailGroup; language: AppLanguage }): Response {
  const words = pages[language](layoutWords[language].about[group])[state];
  const back = state === 'stopped';
  const field = back ? '<input type="hidden" name="again" value="yes">' : '<input type="hidden" name="List-Unsubscribe" value="One-Click">';
  const button = state === 'asks' ? '<button>' : '<button class="quiet">';
  const form = words.button ? `<form method="post">${field}${button}${words.button}</button></form>` : '';
  const html = `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${words.title} – Hearthline</title><style>${style}</style></head>
<body><main><p class="brand">Hearthline</p><h1>${words.title}</h1><p>${words.lead}</p>${form}</main></body></html>`;
  return new Response(html, {
    status: state === 'broken' ? 404 : 200,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy':
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      'Referrer-Policy': 'same-origin',
    },
  });
}
