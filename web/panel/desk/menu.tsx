import { type ReactNode, useRef } from 'react';

/** What opens below a button; Escape and the way out of it close it. */
export function Menu({ label, children }: { label: ReactNode; children: ReactNode }) {
  const place = useRef<HTMLDetailsElement>(null);
  const close = (): void => {
    if (place.current) place.current.open = false;
  };
  return (
    <details
      className="menu"
      ref={place}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (relatedTarget instanceof Node && !currentTarget.contains(relatedTarget)) close();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !place.current?.open) return;
        event.preventDefault();
        close();
        place.current.querySelector('summary')?.focus();
      }}
    >
      <summary className="act">{label}</summary>
      <div className="menu-in">{children}</div>
    </details>
  );
}
