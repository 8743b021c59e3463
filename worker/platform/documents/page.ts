/** `/docs`: the contract as a page to read. One HTML document, no script, nothing from elsewhere. */
import { errorCodes } from '../../protocol/errors.ts';
import type { Endpoint } from '../../protocol/http/endpoint.ts';
import { messagesOf, sockets } from './asyncapi.ts';
import { jsonSchema, refusalsOf } from './openapi.ts';

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const text = (value: string): string => value.replace(/[&<>"]/g, (character) => escapes[character] ?? character);
const code = (value: string): string => `<code>${text(value)}</code>`;

const schemaBox = (title: string, schema: unknown): string =>
  `<details><summary>${text(title)}</summary><pre tabindex="0">${text(JSON.stringify(schema, null, 2))}</pre></details>`;

const access = (endpoint: Endpoint): string =>
  endpoint.access === 'public'
    ? 'anyone'
    : endpoint.access === 'signed_in'
      ? 'anyone signed in'
      : `those with the permission ${code(endpoint.access)}`;

function operation(endpoint: Endpoint, base: string): string {
  const notes = [
    `For ${access(endpoint)}.`,
    endpoint.idempotencyKey ? `Needs an ${code('Idempotency-Key')}.` : '',
    endpoint.localOnly ? 'Exists only on a developer’s machine.' : '',
  ];
  const refusals = [...refusalsOf(endpoint)].map(([status, codes]) => `<li>${status} ${codes.map(code).join(' ')}</li>`);
  return `<article id="${endpoint.name}">
<h3><span class="method ${endpoint.method}">${endpoint.method}</span> <span class="path">${text(base + endpoint.path)}</span></h3>
<p>${text(endpoint.summary)}. ${notes.filter(Boolean).join(' ')}</p>
${endpoint.query ? schemaBox('Query', jsonSchema(endpoint.query, 'input')) : ''}
${endpoint.body ? schemaBox('Body', jsonSchema(endpoint.body, 'input')) : ''}
${endpoint.status === 204 ? '<p>Answers 204, without a body.</p>' : schemaBox(`Answer ${endpoint.status}`, jsonSchema(endpoint.answer, 'output'))}
${endpoint.also ? schemaBox(`Answer ${endpoint.also.status}`, jsonSchema(endpoint.also.answer, 'output')) : ''}
${refusals.length > 0 ? `<p>May refuse with:</p><ul>${refusals.join('')}</ul>` : ''}
</article>`;
}

const socketSection = (base: string): string =>
  sockets
    .map(
      (socket) => `<article id="socket-${socket.name}">
<h3><span class="method GET">SOCKET</span> <span class="path">${text(base + socket.path)}</span></h3>
<p>${text(socket.summary)}. Ticket scope ${code(socket.scope)}.</p>
<h4>A client sends</h4>${messagesOf(socket, 'up')
        .map(({ type, schema }) => schemaBox(type, schema))
        .join('')}
<h4>The server sends</h4>${messagesOf(socket, 'down')
        .map(({ type, schema }) => schemaBox(type, schema))
        .join('')}
</article>`,
    )
    .join('\n');

const errorTable = (): string =>
  `<table><caption>Every error code</caption><thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">What it says</th></tr></thead><tbody>${Object.entries(
    errorCodes,
  )
    .map(([name, { status, title }]) => `<tr><td>${code(name)}</td><td>${status}</td><td>${text(title)}</td></tr>`)
    .join('')}</tbody></table>`;

/** The page for these endpoints, all below `base`. */
export function docsPage(endpoints: readonly Endpoint[], base: string): string {
  const tags = [...new Set(endpoints.map((endpoint) => endpoint.tag))];
  const anchor = (tag: string) => `tag-${tag.replace(/\W+/g, '-')}`;
  const links = [
    ...tags.map((tag) => `<li><a href="#${anchor(tag)}">${text(tag)}</a></li>`),
    '<li><a href="#socket-messages">socket messages</a></li>',
    '<li><a href="#errors">errors</a></li>',
  ];
  const sections = tags.map(
    (tag) => `<section aria-labelledby="${anchor(tag)}"><h2 id="${anchor(tag)}">${text(tag)}</h2>
${endpoints
  .filter((endpoint) => endpoint.tag === tag)
  .map((endpoint) => operation(endpoint, base))
  .join('\n')}</section>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hearthline: the contract</title><style>${style}</style></head>
<body><a class="skip" href="#main">Skip to the contract</a>
<header><h1>Hearthline: the contract</h1>
<p>What clients may rely on, printed from the schemas that the server itself checks with. For machines:
<a href="${base}/openapi.json">openapi.json</a> (HTTP), <a href="${base}/asyncapi.json">asyncapi.json</a> (sockets),
<a href="/.well-known/jwks.json">jwks.json</a> (keys).</p></header>
<div class="page"><nav aria-label="Parts of the contract"><ul>${links.join('')}</ul></nav>
<main id="main">
${sections.join('\n')}
<section aria-labelledby="socket-messages"><h2 id="socket-messages">socket messages</h2>${socketSection(base)}</section>
<section aria-labelledby="errors"><h2 id="errors">errors</h2>
<p>Every error is ${code('application/problem+json')} with a ${code('code')} from this list.</p>${errorTable()}</section>
</main></div></body></html>`;
}

const style = `
:root{color-scheme:light dark;--ink:#26211c;--soft:#5d544a;--paper:#fdfaf5;--card:#fff;--line:#e2d8ca;--link:#8a3b12}
@media (prefers-color-scheme:dark){:root{--ink:#f1e9de;--soft:#c0b4a5;--paper:#1c1815;--card:#26211d;--line:#453c34;--link:#f0a875}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 system-ui,sans-serif}
header{padding:2.5rem 1.5rem 1.5rem;border-bottom:1px solid var(--line);max-width:80rem;margin:0 auto}
h1{margin:0 0 .5rem;font-size:2rem;line-height:1.2}header p{margin:0;color:var(--soft);max-width:44rem}
a{color:var(--link)}a:focus-visible,summary:focus-visible,pre:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-100vw}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem}
.page{max-width:80rem;margin:0 auto;padding:1.5rem;display:grid;grid-template-columns:12rem minmax(0,1fr);gap:2.5rem}
nav ul{list-style:none;margin:0;padding:0;position:sticky;top:1.5rem}nav a{display:block;padding:.25rem 0}
h2{margin:2.5rem 0 1rem;text-transform:capitalize}section:first-child h2{margin-top:0}
article{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1rem 1.25rem;margin:0 0 1rem}
h3{margin:0 0 .5rem;font-size:1.0625rem;overflow-wrap:anywhere}h4{margin:1rem 0 .25rem}
.path,code,pre{font-family:ui-monospace,monospace}.path{font-weight:500}
.method{font-size:.8125rem;letter-spacing:.04em;border:1px solid currentColor;border-radius:.375rem;padding:.125rem .5rem;margin-right:.5rem}
article p{margin:.25rem 0}article ul{margin:.25rem 0;padding-left:1.25rem}
summary{cursor:pointer;padding:.375rem 0;min-height:1.5rem}
pre{overflow:auto;max-height:26rem;margin:.25rem 0 .75rem;padding:.75rem 1rem;border:1px solid var(--line);border-radius:.5rem;font-size:.875rem;line-height:1.5}
table{border-collapse:collapse;width:100%}caption{text-align:left;padding:.5rem 0;color:var(--soft)}th,td{text-align:left;padding:.375rem .75rem .375rem 0;border-bottom:1px solid var(--line)}
code{overflow-wrap:anywhere}
@media (max-width:48rem){.page{grid-template-columns:minmax(0,1fr);gap:1rem}nav ul{position:static;columns:2}h1{font-size:1.625rem}}
`;
