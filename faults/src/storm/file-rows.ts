import { gunzipSync } from 'node:zlib';
import type { Cells } from '@sluice/engine/__tests__/world';
import { nameOf, type Place } from './place.ts';

/** Files of what was added, changed and removed, as NDJSON under gzip; the name tells the run. */
export const differences: Place['sync'] = {
  object: 'file',
  mode: 'diff',
  mappings: ['id', 'version', 'name'].map((name) => ({ type: 'column', from: name, to: name })),
  options: { fileName: 'people/{run.id}', format: 'ndjson', compression: 'gzip' },
};

type Change = Cells & { readonly id: string; readonly _operation: 'added' | 'changed' | 'removed' };
const order = ['removed', 'changed', 'added'];

/** The files in the order in which somebody would take them: by run, removals first. Throws for a file that is not whole. */
function changesIn(files: ReadonlyMap<string, Buffer>): Change[] {
  const placed = [...files].map(([name, bytes]) => {
    const [, run, kind = ''] =
      /people\/(\d+)-(removed|changed|added)(-part-\d+)?\.ndjson\.gz$/.exec(name) ?? [];
    if (!run) throw new Error(`${name} is no file of the sync`);
    const text = gunzipSync(bytes).toString('utf8');
    if (!text.endsWith('\n')) throw new Error(`${name} is not whole`);
    const changes = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Change);
    if (changes.some(({ _operation }) => _operation !== kind)) throw new Error(`${name} holds other rows`);
    return { at: Number(run) * order.length + order.indexOf(kind), changes };
  });
  return placed.sort((a, b) => a.at - b.at).flatMap(({ changes }) => changes);
}

/** The rows that somebody has who took all files. */
export function rowsIn(files: ReadonlyMap<string, Buffer>): Map<string, Cells> {
  const held = new Map<string, Cells>();
  for (const { _operation, ...row } of changesIn(files)) {
    const before = held.get(row.id);
    if (Number(row.version) < Number(before?.version))
      throw new Error(`${row.id}: an older value came later`);
    if (_operation === 'removed') held.delete(row.id);
    else held.set(row.id, row);
  }
  return held;
}

/** How often each change is in a file. */
export function changesOf(files: ReadonlyMap<string, Buffer>): Map<string, number> {
  const taken = new Map<string, number>();
  for (const { id, version, _operation } of changesIn(files)) {
    const name = nameOf(id, _operation === 'removed' ? null : version);
    taken.set(name, (taken.get(name) ?? 0) + 1);
  }
  return taken;
}
