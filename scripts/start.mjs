// `npm start`, `npm run dev`: install what is missing, then go on under our own Node (scripts/stack/main.ts).
import { goOn, install } from './install.mjs';

install();
goOn('scripts/stack/main.ts', process.argv.slice(2));
