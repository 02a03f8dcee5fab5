// `npm run gen -- destination acme-crm "Acme CRM"` and `npm run gen -- source acme-dw "Acme Warehouse"`: writes a connector that
// compiles and passes the conformance suites, made from the examples that are kept in packages/connectors/src/examples; then it
// is yours to change.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './runtime.mjs';

const [kind, slug = '', given] = process.argv.slice(2);
if (!['destination', 'source'].includes(kind) || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(slug)) {
  console.error(
    'Usage: npm run gen -- destination|source <slug> ["Name"]     slug: lower-case letters, digits and hyphens',
  );
  process.exit(1);
}
const name = given ?? slug.split('-').map(capital).join(' ');
const pascal = slug.split('-').map(capital).join('');
const camel = pascal.charAt(0).toLowerCase() + pascal.slice(1);

const connectors = 'packages/connectors/src';
const folder = `${connectors}/${kind}s/${slug}`;
if (existsSync(join(root, folder))) {
  console.error(`${folder} exists already.`);
  process.exit(1);
}

const example = `${connectors}/examples/${kind}`;
for (const path of filesIn(example)) {
  const below = path.slice(example.length + 1);
  const target = below === 'docs.md' ? `docs/${kind}s/${slug}.md` : `${folder}/${renamed(below)}`;
  write(target, renamed(read(path)).replaceAll(`../../../${kind}s/__tests__/`, '../../__tests__/'));
}
const server = kind === 'source' ? 'warehouses' : 'vendors';
write(
  `packages/testing/src/${server}/${slug}/start-${slug}.ts`,
  renamed(read(`packages/testing/src/${server}/example/start-example.ts`)),
);
const key = slug === camel ? slug : `'${slug}'`;
const cases = kind === 'source' ? addSource() : addDestination();
console.log(`Now: biome check --write ${folder} ${connectors}/registry.ts ${cases} packages/testing/src/${server}/${slug}
     npm run docs:connectors
     npx vitest run ${connectors}/__tests__ ${folder}`);

function addDestination() {
  insert(`${connectors}/registry.ts`, [
    [
      'import { httpRequestDestination }',
      `import { ${camel}Destination } from './destinations/${slug}/definition.ts';\n`,
    ],
    ['  httpRequestDestination,\n', `  ${camel}Destination,\n`],
  ]);
  const path = `${connectors}/__tests__/api-cases.ts`;
  insert(path, [
    [
      'import { customerIoCase }',
      `import { ${camel}Case } from '../destinations/${slug}/__tests__/api-case.ts';\n`,
    ],
    ["  'customer-io': customerIoCase,\n", `  ${key}: ${camel}Case,\n`],
  ]);
  return path;
}

function addSource() {
  insert(`${connectors}/registry.ts`, [
    ['import { sampleSource }', `import { ${camel}Source } from './sources/${slug}/definition.ts';\n`],
    ['  sampleSource,\n', `  ${camel}Source,\n`],
  ]);
  const path = `${connectors}/__tests__/source-server-cases.ts`;
  insert(path, [
    [
      'import { exampleSourceCase }',
      `import { ${camel}SourceCase } from '../sources/${slug}/__tests__/source-case.ts';\n`,
    ],
    ['  // The example, from which', `  ${key}: ${camel}SourceCase,\n`],
  ]);
  return path;
}

function renamed(text) {
  return text
    .replaceAll('Example CRM', name)
    .replaceAll('Example Warehouse', name)
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
