// `npm run docs:concepts`: writes the tables of docs/concepts.md from the code.
import { readFileSync, writeFileSync } from 'node:fs';
import { conceptTables } from '../packages/domain/src/concept-tables.ts';

const path = new URL('../docs/concepts.md', import.meta.url);
let page = readFileSync(path, 'utf8');
for (const [name, table] of Object.entries(conceptTables())) {
  const between = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
  page = page.replace(between, (_, begin, end) => `${begin}\n${table}\n\n${end}`);
}
writeFileSync(path, page);
