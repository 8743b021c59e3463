import { type ComponentProps, useEffect, useRef, useState } from 'react';

/** A place for what may be wider than the page: it scrolls by itself, and then the keyboard reaches it too. */
export function Across({ label, children, ...rest }: ComponentProps<'section'> & { label: string }) {
  const place = useRef<HTMLElement>(null);
  const [wide, setWide] = useState(false);
  useEffect(() => {
    const here = place.current;
    if (!here) return;
    const look = (): void => setWide(here.scrollWidth > here.clientWidth);
    const watch = new ResizeObserver(look);
    watch.observe(here);
    for (const child of here.children) watch.observe(child);
    return () => watch.disconnect();
  }, []);
  return (
    <section {...rest} ref={place} className="across" tabIndex={wide ? 0 : undefined} aria-label={label}>
      {children}
    </section>
  );
}
