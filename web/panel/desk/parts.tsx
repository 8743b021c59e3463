/** The pages of a section, above each of them. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Permission } from '../../../worker/protocol/permissions.ts';
import { useSession } from '../../ui/session.tsx';

export interface Part {
  readonly name: string;
  readonly to: string;
  readonly needs: Permission;
}

interface PartsProps<P extends Part> {
  readonly title: string;
  /** What the row of links is called. */
  readonly label: string;
  readonly parts: readonly P[];
  readonly part: P['name'];
  readonly wordOf: (name: P['name']) => ReactNode;
  readonly children?: ReactNode;
}

export function Parts<P extends Part>({ title, label, parts, part, wordOf, children }: PartsProps<P>) {
  const { me } = useSession();
  return (
    <>
      <div className="head">
        <h1>{title}</h1>
        {children}
      </div>
      <nav className="parts" aria-label={label}>
        {parts
          .filter(({ needs }) => me.permissions.includes(needs))
          .map(({ name, to }) => (
            <Link key={name} to={to} aria-current={name === part ? 'page' : undefined} activeOptions={{ exact: true }} activeProps={{}}>
              {wordOf(name)}
            </Link>
          ))}
      </nav>
    </>
  );
}
