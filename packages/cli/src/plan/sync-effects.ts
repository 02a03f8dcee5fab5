import { isDeepStrictEqual } from 'node:util';
import { changeClasses } from '@sluice/domain/change';
import type { Mapping } from '@sluice/domain/mapping';
import type { SyncConfiguration } from '@sluice/domain/sync';
import { operationsOf, syncModes } from '@sluice/domain/sync-mode';
import type { Definitions } from '../files/definition.ts';
import type { PlannedChange } from './make-plan.ts';
import type { ExistingSync, Workspace } from './read-workspace.ts';

/** What creating or changing a sync does to the rows of its model and to those it delivered. */
export function syncEffects(
  change: Omit<PlannedChange, 'effects'>,
  workspace: Workspace,
  /** Models whose syncs send all rows again anyway. */
  rekeyed: ReadonlySet<string>,
): string[] {
  const existing = workspace.syncs.get(change.slug);
  const after = change.definition as Definitions['syncs'];
  if (!existing) return after.disabled ? [] : ['Its first run sends every row of the model.'];
  const before = existing.definition.configuration;
  const now = after.configuration;
  if (!existing.ran || isDeepStrictEqual(before, now)) return [];
  const resent = resyncEffects(before, now) ?? columnEffects(existing, now);
  return [
    ...resent,
    ...goneEffects(before, now),
    ...(resent.length > 0 || rekeyed.has(after.model) ? [] : silentEffects(existing, now)),
    ...modeEffects(before, now),
  ];
}

/** Writing elsewhere, or finding records otherwise, makes what is known void; `null` when neither changes. */
function resyncEffects(before: SyncConfiguration, now: SyncConfiguration): string[] | null {
  const reasons = [
    ...(before.object === now.object
      ? []
      : [`nothing is known about ${now.object}; rows that were delivered stay in ${before.object}`]),
    ...(isDeepStrictEqual(before.matchKey, now.matchKey)
      ? []
      : ['records are found in another way; records that were made before may be made a second time']),
  ];
  if (reasons.length === 0) return null;
  return [
    `Full resync: the next run sends all rows again as added, because ${reasons.join(', and because ')}.`,
  ];
}

/** Of a column that was not used before, nobody knows what was delivered; a column that is dropped changes no row. */
function columnEffects(existing: ExistingSync, now: SyncConfiguration): string[] {
  const before = new Set([...existing.referencedColumns, existing.primaryKey]);
  if (before.has('*')) return [];
  const more = [...new Set(columnsNamed(now))].filter((name) => !before.has(name));
  if (more.length === 0) return [];
  const sent =
    operationsOf(now).changed === null
      ? 'all rows count as changed once, which this mode does not send'
      : 'the next run sends all delivered rows again as changed';
  return [
    `The sync also uses ${more.join(', ')}, so that rows cannot be compared with what was delivered: ${sent}.`,
  ];
}

function columnsNamed({ matchKey, mappings }: SyncConfiguration): string[] {
  const columns = mappings.flatMap((mapping) => (mapping.type === 'column' ? [mapping.from] : []));
  return matchKey ? [matchKey.from, ...columns] : columns;
}

function goneEffects(before: SyncConfiguration, now: SyncConfiguration): string[] {
  const wanted = byTarget(now.mappings);
  const gone = [...byTarget(before.mappings).keys()].filter((to) => !wanted.has(to));
  if (gone.length === 0 || before.object !== now.object) return [];
  return [`${gone.join(', ')}: no longer written; delivered records keep the value they have.`];
}

/** What is sent otherwise from now on, although no row is sent because of it. */
function silentEffects(existing: ExistingSync, now: SyncConfiguration): string[] {
  const before = existing.definition.configuration;
  const old = byTarget(before.mappings);
  const other = now.mappings.filter((mapping) => !isDeepStrictEqual(old.get(mapping.to), mapping));
  const what = [
    ...other.map(({ to }) => to),
    ...(isDeepStrictEqual(before.options, now.options) ? [] : ['the options']),
  ];
  if (what.length === 0) return [];
  // Which columns a template reads is for the server to tell; where any may be read, there is no telling from here.
  const mayRead =
    existing.referencedColumns.includes('*') ||
    other.some(({ type }) => type === 'template') ||
    !isDeepStrictEqual(before.options, now.options);
  const silent = mayRead
    ? 'if it reads other columns than before, all delivered rows are sent again as changed, else none because of it'
    : 'no row is sent because of it';
  return [
    `${what.join(', ')}: taken for rows that are sent from now on; ${silent}. --full-resync sends all of them.`,
  ];
}

function modeEffects(before: SyncConfiguration, now: SyncConfiguration): string[] {
  const [old, wanted] = [operationsOf(before), operationsOf(now)];
  const changed = changeClasses.filter((name) => old[name] !== wanted[name]);
  if (changed.length === 0) return [];
  const { effects } = syncModes[now.mode];
  const choice = { nothing: 'left alone', clear: 'cleared', delete: 'deleted' }[now.deleteBehaviour];
  const words = changed.map((name) => {
    if (wanted[name] === null) return `${name} rows are not sent`;
    const chosen = name === 'removed' && effects[name].startsWith('As you choose') ? choice : null;
    return `${name} rows: ${chosen ?? effects[name].toLowerCase()}`;
  });
  return [
    `From the next run on, ${words.join('; ')}. What was delivered stays, and rows that were not sent before are not made up for.`,
  ];
}

const byTarget = (mappings: readonly Mapping[]): Map<string, Mapping> =>
  new Map(mappings.map((mapping) => [mapping.to, mapping]));
