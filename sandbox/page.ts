/** The page at `/`: every mail and SMS as the person would see it, newest first. It looks for news by itself. */

/** Texts are put in as text; a mail's HTML is shown in a frame that may run nothing and load nothing. */
const script = `
const list = document.getElementById('list'), note = document.getElementById('note'), to = document.getElementById('to');
to.value = new URLSearchParams(location.search).get('to') ?? '';
let shown = '';
function el(tag, text, className) { const e = document.createElement(tag); if (text) e.textContent = text; if (className) e.className = className; return e; }
function card(m) {
  const item = el('li', '', 'card ' + m.channel);
  const head = el('div', '', 'head');
  head.append(el('span', { sms: 'SMS', email: 'Mail', push: 'Push' }[m.channel], 'kind'), el('strong', m.to), el('span', 'from ' + m.from, 'soft'));
  const time = el('time', new Date(m.at).toLocaleTimeString(), 'soft'); time.dateTime = m.at; head.append(time);
  item.append(head);
  if (m.subject) item.append(el('h2', m.subject));
  if (m.html) { const f = document.createElement('iframe'); f.sandbox = ''; f.title = m.subject; f.srcdoc = m.html; item.append(f); }
  else item.append(el('p', m.text, 'bubble'));
  return item;
}
async function look() {
  try {
    const answer = await fetch('/api/messages?to=' + encodeURIComponent(to.value));
    const { items } = await answer.json();
    const state = to.value + items.map((m) => m.id).join();
    if (state !== shown) {
      shown = state;
      list.replaceChildren(...items.map(card));
      note.textContent = items.length === 0 ? 'Nothing has been sent yet.' : items.length === 1 ? '1 message' : items.length + ' messages';
    }
  } catch { note.textContent = 'The sandbox does not answer.'; shown = ''; }
}
to.addEventListener('input', look);
look(); setInterval(look, 1500);
`;

const style = `
:root{color-scheme:light dark;--ink:#26211c;--soft:#5d544a;--paper:#fdfaf5;--card:#fff;--line:#e2d8ca;--mark:#8a3b12}
@media (prefers-color-scheme:dark){:root{--ink:#f1e9de;--soft:#c0b4a5;--paper:#1c1815;--card:#26211d;--line:#453c34;--mark:#f0a875}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 system-ui,sans-serif}
main{max-width:48rem;margin:0 auto;padding:2rem 1.25rem}h1{margin:0 0 .25rem}p{margin:.25rem 0}
label{display:block;margin:1.25rem 0 .25rem;font-weight:600}
input{width:100%;padding:.625rem .75rem;font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);border-radius:.5rem}
input:focus-visible{outline:3px solid var(--mark);outline-offset:2px}
ul{list-style:none;margin:1rem 0;padding:0}.soft{color:var(--soft)}
.card{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1rem 1.25rem;margin:0 0 1rem}
.head{display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:baseline;overflow-wrap:anywhere}.head time{margin-left:auto}
.kind{font-size:.8125rem;border:1px solid currentColor;border-radius:.375rem;padding:0 .5rem;color:var(--mark)}
h2{font-size:1.125rem;margin:.5rem 0}iframe{width:100%;height:24rem;border:1px solid var(--line);border-radius:.5rem;background:#fff;color-scheme:light}
.bubble{white-space:pre-wrap;border-radius:1rem;border-bottom-left-radius:.25rem;padding:.625rem 1rem;margin-top:.5rem;border:1px solid var(--line);display:inline-block;max-width:32rem}
`;

export const PAGE_POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'";

export const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hearthline sandbox</title><style>${style}</style></head>
<body><main><h1>Sandbox</h1>
<p>Mail, SMS and push messages that would have left this machine, as the person would see them.</p>
<label for="to">Only to this address or number</label><input id="to" type="text" autocomplete="off" spellcheck="false" placeholder="ada@demo.test">
<p id="note" class="soft" role="status">Looking…</p>
<noscript><p>This page needs JavaScript. The same as JSON: <a href="/api/messages">/api/messages</a></p></noscript>
<ul id="list" aria-label="Messages, newest first"></ul>
</main><script>${script}</script></body></html>`;
