// `npm run gen -- destination acme-crm "Acme CRM"`: writes a destination that compiles and passes the conformance suite,
// made from the example that is kept in packages/connectors/src/examples; then it is yours to change.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './runtime.mjs';

const [kind, slug = '', given] = process.argv.slice(2);
if (kind !== 'destination' || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(slug)) {
  console.error(
    'Usage: npm run gen -- destination <slug> ["Name"]     slug: lower-case letters, digits and hyphens',
  );
  process.exit(1);
}
const name = given ?? slug.split('-').map(capital).join(' ');
const pascal = slug.split('-').map(capital).join('');
const camel = pascal.charAt(0).toLowerCase() + pascal.slice(1);

const connectors = 'packages/connectors/src';
const folder = `${connectors}/destinations/${slug}`;
if (existsSync(join(root, folder))) {
  console.error(`${folder} exists already.`);
  process.exit(1);
}

for (const path of filesIn(`${connectors}/examples/destination`)) {
  const below = path.slice(`${connectors}/examples/destination/`.length);
  const target = below === 'docs.md' ? `docs/destinations/${slug}.md` : `${folder}/${renamed(below)}`;
  write(target, renamed(read(path)).replaceAll('../../../destinations/__tests__/', '../../__tests__/'));
}
write(
  `packages/testing/src/vendors/${slug}/start-${slug}.ts`,
  renamed(read('packages/testing/src/vendors/example/start-example.ts')),
);
insert(`${connectors}/registry.ts`, [
  [
    'import { httpRequestDestination }',
    `import { ${camel}Destination } from './destinations/${slug}/definition.ts';\n`,
  ],
  ['  httpRequestDestination,\n', `  ${camel}Destination,\n`],
]);
insert(`${connectors}/__tests__/api-cases.ts`, [
  [
    'import { customerIoCase }',
    `import { ${camel}Case } from '../destinations/${slug}/__tests__/api-case.ts';\n`,
  ],
  ["  'customer-io': customerIoCase,\n", `  ${slug === camel ? slug : `'${slug}'`}: ${camel}Case,\n`],
]);
console.log(`Now: biome check --write ${folder} ${connectors}/registry.ts ${connectors}/__tests__/api-cases.ts
     npm run docs:connectors
     npx vitest run ${connectors}/__tests__ ${folder}`);

function renamed(text) {
  return text
    .replaceAll('Example CRM', name)
    .replaceAll(/Example(?=[A-Z])|(?<=[a-z])Example\b/g, pascal)
    .replaceAll(/example(?=[A-Z])/g, camel)
    .replaceAll(/(?<![@.])\bexample\b(?!\.com)/g, slug);
}

function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function read(path) {
  return readFileSync(join(root, path), 'utf8');
}

function write(path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  console.log(`wrote ${path}`);
}

/** Puts a line in front of the first place that a text stands at. */
function insert(path, lines) {
  let text = read(path);
  for (const [before, line] of lines) {
    if (!text.includes(before))
      throw new Error(`${path} has no "${before.trim()}" any more: add the line by hand: ${line}`);
    text = text.replace(before, line + before);
  }
  write(path, text);
}

function filesIn(path) {
  return readdirSync(join(root, path)).flatMap((entry) => {
    const below = `${path}/${entry}`;
    return statSync(join(root, below)).isDirectory() ? filesIn(below) : [below];
  });
}
