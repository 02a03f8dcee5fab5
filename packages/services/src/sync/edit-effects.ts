import { isDeepStrictEqual } from 'node:util';
import type { ChangeClass } from '@sluice/domain/change';
import type { EditEffect, Rollout, RolloutChoice, SyncEffect } from '@sluice/domain/edit-effect';
import type { ResyncKind, SyncConfiguration } from '@sluice/domain/sync';
import { operationsOf, syncModes } from '@sluice/domain/sync-mode';

/** A configuration and the columns of the model that it uses; `['*']` = all. */
export interface UsedConfiguration {
  readonly configuration: SyncConfiguration;
  readonly columns: readonly string[];
}

export type Effects = Pick<SyncEffect, 'effects' | 'choices' | 'broken'>;

/**
 * What an edit of a sync does to rows that were delivered before, and the choice where there is one. `modelColumns`: as
 * last read, empty if never. Nothing is said of a sync that has delivered nothing.
 */
export function effectsOfEdit(
  before: UsedConfiguration,
  after: UsedConfiguration,
  state: { readonly ledgerRows: number; readonly modelColumns: readonly string[] },
): Effects {
  const missing = missingColumns(after.columns, state.modelColumns);
  const effects = [
    objectChanged(before, after),
    matchKeyChanged(before, after),
    ...columnsChanged(before.columns, after.columns),
    valuesChanged(before, after),
    modeChanged(before, after),
    removalChanged(before, after),
  ].filter((effect) => effect !== null);
  const delivered = state.ledgerRows > 0 ? effects : [];
  return {
    effects: missing ? [missing, ...delivered] : delivered,
    choices: choicesOf(delivered, state.ledgerRows),
    broken: missing !== null,
  };
}

/** What the next run of the sync does beside its own work, once the edit is saved. */
export function pendingAfter(
  { effects, choices }: Effects,
  rollout: Rollout | undefined,
  pending: ResyncKind,
): ResyncKind {
  const kinds = new Set(effects.map(({ kind }) => kind));
  const chosen = choices.find((choice) => choice.rollout === rollout)?.rollout ?? choices[0]?.rollout;
  const wanted = (): ResyncKind => {
    if (kinds.has('object_changed')) return 'full';
    if (chosen === 'backfill') return kinds.has('match_key_changed') ? 'full' : 'backfill';
    return kinds.has('columns_added') ? 'from_now' : 'none';
  };
  const next = wanted();
  return strength[next] > strength[pending] ? next : pending;
}

const strength: Record<ResyncKind, number> = { none: 0, from_now: 1, backfill: 2, reset: 3, full: 4 };

function choicesOf(effects: readonly EditEffect[], rows: number): RolloutChoice[] {
  const kinds = new Set(effects.map(({ kind }) => kind));
  if (kinds.has('object_changed')) return [];
  const all = rows.toLocaleString('en-US');
  const backfill = (how: string): RolloutChoice => ({
    rollout: 'backfill',
    label: 'Send all rows again',
    explanation: `The next run sends ${rows === 1 ? 'the one known row' : `all ${all} known rows`} ${how}.`,
  });
  const fromNow: RolloutChoice = {
    rollout: 'from_now',
    label: 'Only from now on',
    explanation: 'Nothing is sent for this edit. A row is sent the new way when it changes the next time.',
  };
  if (kinds.has('match_key_changed')) {
    return [backfill('as new ones; rows that left the model since the last run are not removed'), fromNow];
  }
  if (kinds.has('columns_added')) return [backfill('with the new values, changed or not'), fromNow];
  if (kinds.has('values_changed') || kinds.has('mode_changed')) {
    return [fromNow, backfill('the new way, changed or not')];
  }
  return [];
}

function missingColumns(used: readonly string[], columns: readonly string[]): EditEffect | null {
  const names = columns.length === 0 ? [] : used.filter((name) => name !== '*' && !columns.includes(name));
  if (names.length === 0) return null;
  return {
    kind: 'columns_missing',
    title: 'A column is not there',
    explanation: `The model has no ${listOf(names)}, so the next run fails. Nothing is sent or removed until that is put right.`,
    names,
  };
}

function objectChanged(before: UsedConfiguration, after: UsedConfiguration): EditEffect | null {
  const [from, to] = [before.configuration.object, after.configuration.object];
  if (from === to) return null;
  return {
    kind: 'object_changed',
    title: 'Another object is written',
    explanation: `Nothing is known of "${to}" yet: the next run sends every row as new. What was written to "${from}" stays there.`,
    names: [to],
  };
}

function matchKeyChanged(before: UsedConfiguration, after: UsedConfiguration): EditEffect | null {
  const [from, to] = [before.configuration.matchKey, after.configuration.matchKey];
  if (isDeepStrictEqual(from, to)) return null;
  return {
    kind: 'match_key_changed',
    title: 'Records are found in another way',
    explanation:
      'Records written under the old match key are neither merged nor removed. Where they cannot be found by the new one, sending a row makes a second record.',
    names: to ? [to.to] : [],
  };
}

function columnsChanged(before: readonly string[], after: readonly string[]): EditEffect[] {
  if (before.includes('*') && after.includes('*')) return [];
  const added = before.includes('*') ? [] : after.filter((name) => !before.includes(name));
  const removed = after.includes('*') ? [] : before.filter((name) => !after.includes(name));
  const words = (names: readonly string[]): string => (names.includes('*') ? 'Every column' : listOf(names));
  const effects: EditEffect[] = [];
  if (added.length > 0) {
    effects.push({
      kind: 'columns_added',
      title: added.length === 1 ? 'A column is used anew' : 'Columns are used anew',
      explanation: `${words(added)} now counts when rows are compared. The destination does not have its values yet.`,
      names: added,
    });
  }
  if (removed.length > 0) {
    effects.push({
      kind: 'columns_removed',
      title: removed.length === 1 ? 'A column is no longer used' : 'Columns are no longer used',
      explanation: `${words(removed)} no longer counts when rows are compared. The destination keeps what it has; nothing is sent for this.`,
      names: removed,
    });
  }
  return effects;
}

function valuesChanged(before: UsedConfiguration, after: UsedConfiguration): EditEffect | null {
  const known = new Map(before.configuration.mappings.map((mapping) => [mapping.to, mapping]));
  const names = after.configuration.mappings
    .filter((mapping) => !isDeepStrictEqual(known.get(mapping.to), mapping))
    .map(({ to }) => to);
  const options = !isDeepStrictEqual(before.configuration.options, after.configuration.options);
  if (names.length === 0 && !options) return null;
  const what =
    names.length === 0
      ? 'Requests are written'
      : `${listOf(names)} ${names.length === 1 ? 'is' : 'are'} made`;
  return {
    kind: 'values_changed',
    title: 'Values are made in another way',
    explanation: `${what} in another way. Rows whose own values stay as they are do not count as changed by that.`,
    names,
  };
}

function modeChanged(before: UsedConfiguration, after: UsedConfiguration): EditEffect | null {
  const [then, now] = [operationsOf(before.configuration), operationsOf(after.configuration)];
  const classes: readonly ChangeClass[] = ['added', 'changed'];
  const begun = classes.filter((name) => then[name] === null && now[name] !== null);
  if (before.configuration.mode === after.configuration.mode && begun.length === 0) return null;
  const { label } = syncModes[after.configuration.mode];
  const skipped =
    begun.length === 0
      ? 'What was delivered is still known.'
      : `Rows that were ${begun.join(' or ')} before were not sent and are taken for known.`;
  return {
    kind: begun.length === 0 ? 'removal_changed' : 'mode_changed',
    title: `The next run works as ${label.toLowerCase()}`,
    explanation: skipped,
    names: [],
  };
}

function removalChanged(before: UsedConfiguration, after: UsedConfiguration): EditEffect | null {
  const [then, now] = [operationsOf(before.configuration).removed, operationsOf(after.configuration).removed];
  if (then === now) return null;
  return {
    kind: 'removal_changed',
    title: 'Rows that leave the model are treated in another way',
    explanation:
      'It holds for rows that leave from now on. What became of rows that left before stays as it is.',
    names: [],
  };
}

function listOf(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`);
  return quoted.length > 5
    ? `${quoted.slice(0, 5).join(', ')} and ${quoted.length - 5} more`
    : quoted.join(', ');
}
