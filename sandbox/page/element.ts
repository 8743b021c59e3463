/** Makes an element. Texts go in as text, so nothing that was sent can become markup. */
export type Child = Node | string | null | undefined | false;

export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.replaceChildren(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** A picture of the page's own, by its id in `index.html`. */
export function picture(id: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#${id}`);
  svg.appendChild(use);
  return svg;
}

export const timeOf = (at: string): HTMLTimeElement =>
  make(
    'time',
    { datetime: at, title: new Date(at).toLocaleString() },
    new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' }),
  );

/** “×3”, where something was sent more often than once. */
export const countOf = (times: number): HTMLElement | null =>
  times > 1 ? make('span', { class: 'count', title: `Sent ${times} times with one id: it is one message` }, `×${times}`) : null;
