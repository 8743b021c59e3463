/** `npm run check:imports`: the rules of the house over this tree. Exit code 1 on any violation. */
import { ruleNames, violationsOf } from './rules.ts';
import { readTree } from './tree.ts';

const tree = readTree(process.cwd());
const violations = violationsOf(tree);
for (const { rule, path, line, message } of violations) console.log(`${path}:${line}  ${message}  [${rule}]`);
console.log(`${tree.files.size} files, ${ruleNames.length} rules, ${violations.length} violations`);
process.exitCode = violations.length > 0 ? 1 : 0;
