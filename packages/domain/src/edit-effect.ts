import { z } from 'zod';
import { UpdateConnection } from './connection.ts';
import { Id } from './id.ts';
import { SyncConfiguration } from './sync.ts';

/** What an edit changes, as far as rows that were delivered before are concerned. */
export const editKinds = [
  'object_changed',
  'match_key_changed',
  'primary_key_changed',
  'place_changed',
  'columns_added',
  'columns_removed',
  'values_changed',
  'mode_changed',
  'removal_changed',
  'query_changed',
  'columns_missing',
] as const;
export type EditKind = (typeof editKinds)[number];

/** One consequence of an edit, in words. */
export interface EditEffect {
  kind: EditKind;
  title: string;
  explanation: string;
  /** Columns of the model or fields of the destination that it is about. */
  names: string[];
}

/**
 * What happens to rows that were delivered before: `backfill` sends them again with the next run, `from_now` sends a
 * row only when it changes from now on.
 */
export const rollouts = ['backfill', 'from_now'] as const;
export type Rollout = (typeof rollouts)[number];

export interface RolloutChoice {
  rollout: Rollout;
  label: string;
  /** What the next run does then. */
  explanation: string;
}

/** What saving an edit does to one sync. */
export interface SyncEffect {
  syncId: number;
  slug: string;
  /** Rows that the destination is known to hold: at most so many are sent again. */
  ledgerRows: number;
  /** Empty: nothing that was delivered is touched. */
  effects: EditEffect[];
  /** More than one = ask; the first is what happens when nobody says. Empty when there is nothing to choose. */
  choices: RolloutChoice[];
  /** The next run would fail: a column that the sync uses is gone. */
  broken: boolean;
}

/** A configuration that is about to be saved. */
export const SyncEffectInput = z.strictObject({ id: Id, configuration: SyncConfiguration });

/** A destination's configuration that is about to be saved. */
export const DestinationEffectInput = UpdateConnection.pick({ id: true, configuration: true });

export interface DestinationEffect {
  /** The edit leads to another system, or another account of it. */
  moved: boolean;
  syncs: SyncEffect[];
}
