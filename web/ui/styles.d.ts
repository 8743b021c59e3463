/** The theme's variables as style, worked out by the build (`web/theme-css.ts`). */
declare module 'virtual:theme.css';
