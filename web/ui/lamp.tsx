/** The mark: a lamp in a window. */
export function Lamp({ size = 34 }: { size?: number }) {
  return (
    <svg viewBox="0 0 40 40" width={size} height={size} aria-hidden="true">
      <rect x="3" y="2" width="34" height="36" rx="12" fill="#0b6a5e" />
      <circle cx="20" cy="19" r="11" fill="#ffcf8f" opacity=".35" />
      <path d="M13 20c0-5 3-9 7-9s7 4 7 9z" fill="#ffcf8f" />
      <path d="M20 20v9M14 30h12" stroke="#fff6e6" strokeWidth="2.6" strokeLinecap="round" fill="none" />
    </svg>
  );
}
