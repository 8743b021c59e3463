/** Addresses: one for every page of every section that this person may open. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate } from '@tanstack/react-router';
import type { Permission } from '../../worker/protocol/permissions.ts';
import { Nothing } from './desk/nothing.tsx';
import { Frame } from './frame/frame.tsx';
import { Go } from './frame/go.tsx';
import { sectionsFor } from './sections/index.ts';

export function routerFor(permissions: readonly Permission[]) {
  const root = createRootRoute({ component: Frame, notFoundComponent: Nothing });
  const open = sectionsFor(permissions);
  const first = open[0]?.pages[0].path;
  const home = createRoute({
    getParentRoute: () => root,
    path: '/',
    component: () => (first === undefined ? <Nothing /> : <Navigate to={first} replace />),
  });
  const link = createRoute({ getParentRoute: () => root, path: '/go/$', component: Go });
  const pages = open.flatMap((section) =>
    section.pages.map(({ path, load }) => createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load) })),
  );
  return createRouter({ routeTree: root.addChildren([home, link, ...pages]) });
}
