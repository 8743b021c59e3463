/** Small pictures of conversations, beside words. */
import { Drawn } from '../call/icons.tsx';

const shapes = {
  send: 'M4 12l16-8-6 16-3-6.5zM11 13.5L20 4',
  add: 'M12 5v14M5 12h14',
  more: 'M6 12h.01M12 12h.01M18 12h.01',
  reply: 'M10 6L4 12l6 6M4 12h9c4 0 7 2 7 7',
  pen: 'M5 19l1-4L16.5 4.5l3 3L9 18zM14 7l3 3',
  bin: 'M5 7h14M10 4h4M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5',
  flag: 'M6 21V4M6 5c4-2 7 2 12 0v9c-5 2-8-2-12 0',
  search: 'M11 17a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM15.5 15.5L20 20',
  pin: 'M9 4h6l-1 6 3 3H7l3-3zM12 13v7',
  play: 'M8 5l11 7-11 7z',
  pause: 'M8 5v14M16 5v14',
  square: 'M7 7h10v10H7z',
  down: 'M12 5v14M6 13l6 6 6-6',
  paper: 'M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5',
  film: 'M4 6h16v12H4zM8 6v12M16 6v12M4 12h16',
  gift: 'M4 11h16v9H4zM3 7h18v4H3zM12 7v13M12 7c-3 0-5-1-5-2.5S9 3 12 7c3-4 5-4 5-2.5S15 7 12 7z',
  game: 'M7 8h10a4 4 0 0 1 4 4v1a3 3 0 0 1-5.5 1.6L15 14H9l-.5.6A3 3 0 0 1 3 13v-1a4 4 0 0 1 4-4zM8 10.5v3M6.5 12h3M15.5 11h.01M17.5 13h.01',
  expand: 'M9 4H4v5M15 4h5v5M9 20H4v-5M15 20h5v-5',
} as const;
export type ChatIconName = keyof typeof shapes;

export const ChatIcon = ({ name, size = 24 }: { name: ChatIconName; size?: number }) => (
  <Drawn path={shapes[name]} size={size} stroke={name === 'more' ? 3.4 : 2} />
);
