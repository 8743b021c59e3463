// `npm test`: install what is missing, then go on under our own Node (scripts/test/main.ts).
import { goOn, install } from './install.mjs';

install();
goOn('scripts/test/main.ts', process.argv.slice(2));
