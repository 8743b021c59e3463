/** Where links from mails lead in the panel: to what has a page here, else to the first one. */
import { Navigate, useParams } from '@tanstack/react-router';
import { LINK_BASE, type LinkTarget, parseLink } from '../../../worker/protocol/links.ts';

export function placeOf(target: LinkTarget | null): string {
  switch (target?.kind) {
    case 'jobs':
    case 'calls':
      return `/${target.kind}`;
    case 'call':
      return `/calls/${target.id}`;
    case 'profile':
      return `/people/${target.id}`;
    default:
      return '/';
  }
}

export function Go() {
  const { _splat: rest = '' } = useParams({ strict: false }) as { _splat?: string };
  return <Navigate to={placeOf(parseLink(LINK_BASE + rest).target)} replace />;
}
