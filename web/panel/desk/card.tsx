import type { ReactNode } from 'react';

/** Facts about one thing, under its name (`.cards` puts them side by side). */
export function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="card">
      <h2>{title}</h2>
      <div>{children}</div>
    </section>
  );
}

export function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <dl className="fact-line">
      <dt>{name}</dt>
      <dd>{children === null || children === '' || children === false ? '–' : children}</dd>
    </dl>
  );
}
