/**
 * A mail as text and as HTML: large type, one column, colours for light and dark. Words are escaped here and nowhere
 * else; nothing is loaded from anywhere, so that nobody learns who opened it.
 */
import type { AppLanguage } from '../../../protocol/http/comfort.ts';
import type { CallLine } from './fact-words.ts';
import { layoutWords } from './layout-words.ts';

export type Block =
  | { readonly kind: 'paragraph' | 'code'; readonly text: string }
  | { readonly kind: 'calls'; readonly calls: readonly CallLine[] };

export interface Letter {
  readonly language: AppLanguage;
  readonly blocks: readonly Block[];
  /** The one thing to do, as a whole address. */
  readonly action: { readonly label: string; readonly url: string } | null;
  /** Where mails of this kind are stopped; null where they can't be. */
  readonly stopUrl: string | null;
  /** The origin that links of lists lead to. */
  readonly origin: string;
}

export function textOf({ language, blocks, action, stopUrl, origin }: Letter): string {
  const words = layoutWords[language];
  const parts = blocks.map((block) =>
    block.kind === 'calls'
      ? block.calls.map(({ name, when, link }) => `${name}, ${when}\n${words.callBack(name)}: ${origin}${link}`).join('\n\n')
      : block.text,
  );
  if (action) parts.push(`${action.label}:\n${action.url}`);
  parts.push(words.wishes);
  if (stopUrl) parts.push(`--\n${words.why}\n${words.stop}: ${stopUrl}`);
  return parts.join('\n\n');
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
const withBreaks = (text: string): string => escaped(text).replaceAll('\n', '<br>');

/** Programs that know no style sheet in the head show the light colours, which stand in the elements themselves. */
const ink = 'color:#26211c';
const style = `
@media (prefers-color-scheme: dark) {
body, .paper { background: #1c1815 !important; color: #f1e9de !important }
a { color: #7fd0c6 !important } a.do { background: #7fd0c6 !important; color: #10211f !important }
.soft { color: #c0b4a5 !important } .line { border-color: #453c34 !important }
}`;

export function htmlOf({ language, blocks, action, stopUrl, origin }: Letter): string {
  const words = layoutWords[language];
  const link = (url: string, label: string): string => `<a href="${escaped(url)}" style="color:#0b5f57">${escaped(label)}</a>`;
  const parts = blocks.map((block) => {
    if (block.kind !== 'calls')
      return block.kind === 'paragraph'
        ? `<p style="margin:0 0 16px">${withBreaks(block.text)}</p>`
        : `<p style="margin:24px 0;font-size:36px;line-height:1.2;font-weight:700;letter-spacing:4px">${escaped(block.text)}</p>`;
    const rows = block.calls.map(
      ({ name, when, link: path }) =>
        `<li class="line" style="margin:0;padding:14px 0;border-top:1px solid #e2d8ca"><strong>${escaped(name)}</strong><br>${escaped(when)}<br>${link(`${origin}${path}`, words.callBack(name))}</li>`,
    );
    return `<ul style="list-style:none;margin:0 0 16px;padding:0">${rows.join('\n')}</ul>`;
  });
  if (action)
    parts.push(
      `<p style="margin:24px 0"><a class="do" href="${escaped(action.url)}" style="display:inline-block;padding:14px 24px;border-radius:12px;background:#0b5f57;color:#ffffff;font-weight:700;text-decoration:none">${escaped(action.label)}</a></p>`,
    );
  parts.push(`<p style="margin:24px 0 0">${withBreaks(words.wishes)}</p>`);
  if (stopUrl)
    parts.push(
      `<p class="soft line" style="margin:32px 0 0;padding-top:16px;border-top:1px solid #e2d8ca;color:#5d544a;font-size:16px">${escaped(words.why)}<br>${link(stopUrl, words.stop)}</p>`,
    );
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><style>${style}</style></head>
<body class="paper" style="margin:0;padding:24px;background:#fdfaf5;${ink};font:18px/1.6 'Atkinson Hyperlegible Next',Verdana,sans-serif">
<div style="max-width:520px;margin:0 auto">
${parts.join('\n')}
</div></body></html>`;
}
