/**
 * Drawn portraits: the same person always gets the same face, so nobody is a grey circle before they bring a photo.
 * Drawn here from plain shapes; everything follows from the seed.
 */
import { useId } from 'react';

/** Numbers from a text, always the same ones (FNV-1a, then xorshift). */
function chooser(seed: string): (count: number) => number {
  let state = 0x811c9dc5;
  for (const letter of seed.toLowerCase()) state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  state |= 1;
  return (count) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % count;
  };
}

const rooms = [
  ['#f6dcc0', '#fbeeda'],
  ['#cfe4dc', '#e9f4ef'],
  ['#f3cfc0', '#fbe6dc'],
  ['#d9dcec', '#eef0f8'],
  ['#efe0b4', '#faf2d8'],
] as const;
const skins = [
  ['#f4cfae', '#e3a984'],
  ['#e2b088', '#c98d63'],
  ['#c98e62', '#a96f45'],
  ['#96613d', '#784a2b'],
  ['#f7dcc4', '#e5b596'],
] as const;
const hairs = ['#3b2a20', '#2a2523', '#b9b2a8', '#6a4326', '#a8622f', '#e9e4da', '#d9ae62'] as const;
const clothes = ['#0b6a5e', '#b4552d', '#5a5f94', '#8a6d2f', '#8c3f4f', '#3f6f8f'] as const;

/** Hair behind the head and on top of it, by style. */
const styles: readonly { back: string; front: string }[] = [
  // bob
  {
    back: 'M46 98c-2-46 22-68 54-68s56 22 54 68c0 22-4 36-10 44H56c-6-8-10-22-10-44z',
    front: 'M60 92c2-26 18-34 44-40 22 4 34 16 36 40 6-38-10-58-40-58S54 54 60 92z',
  },
  // short
  {
    back: 'M58 84c-2-34 16-52 42-52s44 18 42 52z',
    front: 'M60 86c0-16 8-26 16-30 14 6 38 6 52-2 8 6 12 18 12 32 8-38-10-56-40-56S52 48 60 86z',
  },
  // waves to the shoulder
  {
    back: 'M42 120c-6-16 4-24 2-40 2-32 24-50 56-50s54 18 56 50c-2 16 8 24 2 40 6 18-4 34-16 38H58c-12-4-22-20-16-38z',
    front: 'M60 90c0-22 14-30 28-40 10 14 34 18 52 40 6-36-10-58-40-58S54 52 60 90z',
  },
  // bun
  {
    back: 'M58 84c-2-34 16-52 42-52s44 18 42 52zM82 30a18 16 0 1 1 36 0a18 16 0 1 1-36 0z',
    front: 'M60 88c2-20 14-32 40-34 26 2 38 14 40 34 6-38-12-54-40-54S54 50 60 88z',
  },
  // curls
  {
    back: 'M48 96a18 18 0 0 1 2-34a20 20 0 0 1 24-26a22 22 0 0 1 44-4a20 20 0 0 1 30 26a18 18 0 0 1 4 36a18 18 0 0 1-14 34a14 14 0 0 1-20-6H82a14 14 0 0 1-20 4a18 18 0 0 1-14-32z',
    front: 'M60 84a14 14 0 0 1 8-22a16 16 0 0 1 24-10a16 16 0 0 1 26 0a14 14 0 0 1 22 14a12 12 0 0 1 0 18c10-32-6-52-40-52S50 52 60 84z',
  },
  // side parting, short
  {
    back: 'M58 88c-4-36 14-56 42-56s46 20 42 56z',
    front: 'M59 88c0-12 4-20 8-24 20 0 44-4 56-18 12 8 18 22 18 42 8-40-8-58-41-58S50 50 59 88z',
  },
];

/** The face of `name`; with an empty name it is mere decoration beside a name that is written out. */
export function Portrait({ name, seed, size = 96 }: { name: string; seed: string | null; size?: number }) {
  const id = useId();
  if (seed !== null && /^(https?:|\/)/.test(seed)) return <img className="portrait" src={seed} alt={name} width={size} height={size} />;
  // The extra word was picked by eye, so that the people of the demo look their part.
  const choose = chooser(`${seed ?? name}·lamp`);
  const room = rooms[choose(rooms.length)] ?? rooms[0];
  const skin = skins[choose(skins.length)] ?? skins[0];
  // Deep skin goes with deep or grey hair; the lightest colours go with light skin.
  const hair = hairs[choose(skin === skins[2] || skin === skins[3] ? 3 : hairs.length)] ?? hairs[0];
  const style = styles[choose(styles.length)] ?? styles[0];
  const wear = clothes[choose(clothes.length)] ?? clothes[0];
  const glasses = choose(3) === 0;
  const collar = choose(3);
  return (
    <svg
      className="portrait"
      viewBox="0 0 200 200"
      width={size}
      height={size}
      role={name === '' ? undefined : 'img'}
      aria-hidden={name === ''}
      preserveAspectRatio="xMidYMid slice"
    >
      <title>{name}</title>
      <defs>
        <radialGradient id={`${id}r`} cx="30%" cy="22%" r="95%">
          <stop offset="0" stopColor={room[1]} />
          <stop offset="1" stopColor={room[0]} />
        </radialGradient>
      </defs>
      <rect width="200" height="200" fill={`url(#${id}r)`} />
      <circle cx="42" cy="40" r="62" fill="#fff6e2" opacity=".5" />
      <path d={style?.back} fill={hair} />
      <path d="M22 200c2-40 30-56 58-60h40c28 4 56 20 58 60z" fill={wear} />
      <path d="M84 120h32v26c0 12-32 12-32 0z" fill={skin[1]} />
      {collar === 0 && <path d="M78 142c6 16 38 16 44 0l10 5c-8 26-56 26-64 0z" fill="#fff" opacity=".88" />}
      {collar === 1 && <path d="M80 141l20 24 20-24 10 5-22 34h-16l-22-34z" fill="#000" opacity=".14" />}
      <ellipse cx="60" cy="97" rx="7" ry="10" fill={skin[1]} />
      <ellipse cx="140" cy="97" rx="7" ry="10" fill={skin[1]} />
      <path d="M61 90c0-28 17-42 39-42s39 14 39 42c0 27-17 46-39 46s-39-19-39-46z" fill={skin[0]} />
      <path d={style?.front} fill={hair} />
      <path
        d="M73 86q9-6 18-1M109 85q9-5 18 1"
        stroke={hair === '#e9e4da' ? '#b9b2a8' : hair}
        strokeWidth="3.4"
        fill="none"
        strokeLinecap="round"
      />
      <circle cx="83" cy="97" r="3.8" fill="#2a211c" />
      <circle cx="117" cy="97" r="3.8" fill="#2a211c" />
      <circle cx="84.3" cy="95.7" r="1.2" fill="#fff" />
      <circle cx="118.3" cy="95.7" r="1.2" fill="#fff" />
      <path d="M100 98q-5 11 1 12" stroke={skin[1]} strokeWidth="3.2" fill="none" strokeLinecap="round" />
      <circle cx="74" cy="110" r="7.5" fill="#e0714e" opacity=".2" />
      <circle cx="126" cy="110" r="7.5" fill="#e0714e" opacity=".2" />
      <path d="M85 117q15 13 30 0" stroke="#8e3b2c" strokeWidth="3.6" fill="none" strokeLinecap="round" />
      {glasses && (
        <g fill="none" stroke="#4a3d35" strokeWidth="2.8">
          <circle cx="83" cy="97" r="13" />
          <circle cx="117" cy="97" r="13" />
          <path d="M96 96q4-4 8 0M70 95l-9-3M130 95l9-3" />
        </g>
      )}
    </svg>
  );
}
