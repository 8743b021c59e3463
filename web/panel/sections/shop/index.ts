import type { Section } from '../section.ts';

export const shop: Section = {
  name: 'shop',
  needs: 'catalogue.manage',
  letter: 'h',
  pages: [
    { path: '/shop', load: () => import('./products.tsx') },
    { path: '/shop/products/$id', load: () => import('./product.tsx') },
    { path: '/shop/plans', load: () => import('./plans.tsx') },
    { path: '/shop/paywalls', load: () => import('./paywalls.tsx') },
    { path: '/shop/paywalls/$id', load: () => import('./paywall.tsx') },
  ],
};
