/** Links of the two apps with a router. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ButtonFace, buttonLooks } from './button.tsx';
import { Icon, type IconName } from './call/icons.tsx';

export function NavLink({ to, exact = false, icon, children }: { to: string; exact?: boolean; icon?: IconName; children: ReactNode }) {
  return (
    <Link to={to} activeOptions={{ exact }} activeProps={{ 'aria-current': 'page' }}>
      {icon && <Icon name={icon} />}
      {children}
    </Link>
  );
}

export function LineLink({ to, params, children }: { to: string; params: Record<string, string>; children: ReactNode }) {
  return (
    <Link to={to} params={params} className="line">
      {children}
    </Link>
  );
}

export function ButtonLink(props: {
  to: string;
  params?: Record<string, string>;
  quiet?: boolean;
  fullWidth?: boolean;
  children: ReactNode;
}) {
  const { to, params, quiet = false, fullWidth = false, children } = props;
  return (
    <Link to={to} params={params ?? {}} className="button" {...buttonLooks({ variant: quiet ? 'default' : 'filled', fullWidth })}>
      <ButtonFace>{children}</ButtonFace>
    </Link>
  );
}
