import type { Definitions } from '../files/definition.ts';
import type { PlannedChange } from './make-plan.ts';
import type { ExistingSync, Workspace } from './read-workspace.ts';
import { syncEffects } from './sync-effects.ts';

/** What a change does to runs and to rows that were delivered, a sentence each. */
export function effectsOf(
  change: Omit<PlannedChange, 'effects'>,
  workspace: Workspace,
  /** Models that get another primary key in the same plan. */
  rekeyed: ReadonlySet<string>,
): string[] {
  if (change.action === 'remove') return removalEffects(change.kind);
  if (change.kind === 'syncs') return syncEffects(change, workspace, rekeyed);
  if (change.action === 'create') return [];
  if (change.kind === 'sequences')
    return change.fields.some(({ path }) => path.startsWith('steps'))
      ? [
          'Holds from its next run on: one that goes on keeps the steps it began with. No delivered row is touched.',
        ]
      : [];
  const touches = (prefix: string) => change.fields.some(({ path }) => path.startsWith(prefix));
  if (change.kind === 'models') {
    const before = workspace.models.get(change.slug)?.definition;
    const after = change.definition as Definitions['models'];
    const syncs = delivering(workspace, ({ model }) => model === change.slug);
    if (syncs.length === 0) return [];
    if (before && before.primaryKey !== after.primaryKey) {
      return [
        `With "${after.primaryKey}" as primary key every row looks new: the next run of ${names(syncs)} is a full resync that sends all rows again as added. Rows that left the model since the last run are not removed.`,
      ];
    }
    if (touches('query')) return queryEffects(syncs);
    return [];
  }
  if (!touches('configuration')) return [];
  if (change.kind === 'sources') {
    const models = [...workspace.models.values()].filter(
      ({ definition }) => definition.source === change.slug,
    );
    const syncs = delivering(workspace, ({ model }) => models.some(({ slug }) => slug === model));
    if (syncs.length === 0) return [];
    return [
      `${names(syncs)} compare${third(syncs)} what is read from now on with what was delivered before. If this is another database, rows that it does not have count as removed.`,
    ];
  }
  const syncs = delivering(workspace, ({ destination }) => destination === change.slug);
  if (syncs.length === 0) return [];
  return [
    `Rows that ${names(syncs)} delivered count as delivered. If this is another system, which does not have them, run with --full-resync afterwards.`,
  ];
}

function queryEffects(syncs: ExistingSync[]): string[] {
  const all = syncs.filter(({ referencedColumns }) => referencedColumns.includes('*'));
  return [
    `The next run of ${names(syncs)} compares the new result with what was delivered, and sends what differs; rows that are no longer in it count as removed. Without a column that a sync uses, its run fails and sends nothing.`,
    ...(all.length > 0
      ? [`${names(all)} may use every column: if the columns change, all rows are sent again as changed.`]
      : []),
  ];
}

function removalEffects(kind: PlannedChange['kind']): string[] {
  if (kind === 'sequences')
    return [
      'The list of its runs is removed with it. Its syncs, and the rows they delivered, stay as they are.',
    ];
  if (kind !== 'syncs') return [];
  return [
    'Its runs, and what is known about delivered rows, are removed with it. The rows stay at the destination; a new sync would send all of them again.',
  ];
}

/** Syncs that ever ran, of those whose definition is as asked. */
function delivering(
  workspace: Workspace,
  fits: (definition: Definitions['syncs']) => boolean,
): ExistingSync[] {
  return [...workspace.syncs.values()].filter(({ ran, definition }) => ran && fits(definition));
}

const names = (syncs: readonly ExistingSync[]): string => syncs.map(({ slug }) => slug).join(', ');
const third = (syncs: readonly unknown[]): string => (syncs.length === 1 ? 's' : '');
