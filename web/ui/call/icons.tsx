/** Small pictures beside words; never instead of them. */
const shapes = {
  mic: 'M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3',
  micOff: 'M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3M4 3l16 18',
  camera: 'M3 7h11v10H3zM14 11l7-4v10l-7-4',
  cameraOff: 'M3 7h11v10H3zM14 11l7-4v10l-7-4M3 3l18 18',
  phone: 'M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1z',
  stop: 'M3 14c5-5 13-5 18 0l-2.5 3-4-2v-3a14 14 0 0 0-5 0v3l-4 2z',
  coins: 'M12 5c4 0 7 1.3 7 3s-3 3-7 3-7-1.3-7-3 3-3 7-3zM5 8v8c0 1.7 3 3 7 3s7-1.3 7-3V8M5 12c0 1.7 3 3 7 3s7-1.3 7-3',
  message: 'M4 5h16v11H11l-5 4v-4H4zM8 9.5h8M8 12.5h5',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.4-4 3-6 6.5-6s6.1 2 6.5 6M16 4.5a3.3 3.3 0 0 1 0 6.2M17.5 14.5c2.3.7 3.7 2.6 4 5.5',
  me: 'M12 12a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4zM4 21c.5-4.6 3.6-7 8-7s7.5 2.4 8 7',
  check: 'M4 12.5l5.5 5.5L20 7',
  sound: 'M4 10v4h4l5 4V6L8 10zM16.5 9a4.5 4.5 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11',
  captions: 'M3 5.5h18v13H3zM6.5 12h4M13.5 12h4M6.5 15.5h7M16.5 15.5h1',
  text: 'M4 7V5h16v2M12 5v14M9 19h6',
  heart: 'M12 20C5 15 3 11.5 3 8.5A4.5 4.5 0 0 1 12 7a4.5 4.5 0 0 1 9 1.5c0 3-2 6.5-9 11.5z',
  face: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9 10v.5M15 10v.5M8.5 14.5c2 2.3 5 2.3 7 0',
  shield: 'M12 3l7.5 3v5.5c0 4.5-3 7.7-7.5 9.5-4.5-1.8-7.5-5-7.5-9.5V6z',
  device: 'M7 3h10v18H7zM11 18h2',
  help: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 16.5v.2',
  back: 'M15 5l-7 7 7 7',
  go: 'M9 5l7 7-7 7',
  out: 'M10 4H5v16h5M14 8l4 4-4 4M18 12H9',
  star: 'M12 3.5l2.6 5.5 6 .8-4.4 4.2 1.1 6-5.3-2.9-5.3 2.9 1.1-6L3.4 9.8l6-.8z',
  missed: 'M4 6l6 6 10-10M4 6v5M4 6h5M3 18c5-4 13-4 18 0',
  bell: 'M6 16v-5a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.5a2 2 0 0 0 4 0',
  news: 'M4 10v4h3l8 4V6l-8 4zM18 9.5a4 4 0 0 1 0 5',
  photo: 'M4 6h4l1.5-2h5L16 6h4v13H4zM12 16a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z',
} as const;
export type IconName = keyof typeof shapes;
export const iconNames = Object.keys(shapes) as IconName[];

/** One drawn line; `stroke` is its width on a field of 24. */
export function Drawn({ path, size, stroke = 2 }: { path: string; size: number; stroke?: number }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      width={size}
      height={size}
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth={stroke}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={path} />
    </svg>
  );
}

export const Icon = ({ name, size = 26 }: { name: IconName; size?: number }) => <Drawn path={shapes[name]} size={size} />;
