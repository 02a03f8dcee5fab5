// What the documentation points to has to be there: files, headings, and commands of `npm run`.
import { globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const unread = new Set(['node_modules', '.next', '.data', '.git', '.turbo', 'dist', 'test-results']);
const pages = globSync('**/*.md', { cwd: root, exclude: (path) => unread.has(path.split('/').at(-1) ?? '') })
  .map((path) => join(root, path))
  .toSorted();

/** The text without code, which may show links that are not ours. */
const proseOf = (page: string): string =>
  readFileSync(page, 'utf8')
    .replace(/^(```+|~~~+)[\s\S]*?^\1\s*$/gm, '')
    .replace(/`[^`\n]*`/g, 'code');

/** Names of the headings, as GitHub makes them. */
function anchorsOf(page: string): Set<string> {
  const text = readFileSync(page, 'utf8').replace(/^(```+|~~~+)[\s\S]*?^\1\s*$/gm, '');
  const seen = new Map<string, number>();
  const names = [...text.matchAll(/^#{1,6}\s+(.+?)\s*$/gm)].map(([, title = '']) => {
    const plain = title.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const name = plain.replace(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-');
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return count === 0 ? name : `${name}-${count}`;
  });
  return new Set(names);
}

function problemOf(page: string, target: string): string | null {
  const [path = '', anchor] = decodeURIComponent(target).split('#');
  const file = path === '' ? page : resolve(dirname(page), path);
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) return `${target}: no such file`;
  if (anchor === undefined || !found.isFile() || !file.endsWith('.md')) return null;
  return anchorsOf(file).has(anchor) ? null : `${target}: no such heading`;
}

describe.each(pages.map((page) => relative(root, page)))('%s', (name) => {
  const page = join(root, name);

  test('links to what exists', () => {
    const targets = [
      ...proseOf(page).matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|^\[[^\]]+\]:\s*(\S+)/gm),
    ]
      .map(([, inline, reference]) => inline ?? reference ?? '')
      .filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target));
    expect(targets.map((target) => problemOf(page, target)).filter(Boolean)).toEqual([]);
  });

  test('names scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
    const named = [...readFileSync(page, 'utf8').matchAll(/\bnpm run ([a-z][\w:-]*)(?![^\n]* -w )/g)];
    expect(
      named.map(([, script = '']) => script).filter((script) => !Object.hasOwn(scripts, script)),
    ).toEqual([]);
  });
});

test('reads pages at all', () => {
  expect(pages.length).toBeGreaterThan(10);
});
