import { type ChangeClass, changeClasses } from './change.ts';

/** What a destination is asked to do with a row. */
export type Operation = 'create' | 'update' | 'upsert' | 'delete' | 'clear';

/** What happens to rows that left the model, where the mode leaves the choice. */
export const deleteBehaviours = ['nothing', 'clear', 'delete'] as const;
export type DeleteBehaviour = (typeof deleteBehaviours)[number];

export interface SyncModeDefinition {
  readonly label: string;
  readonly summary: string;
  /** The operation per class; `null` = not sent; `choice` = the sync's delete behaviour decides. */
  readonly operations: {
    readonly added: Operation | null;
    readonly changed: Operation | null;
    readonly removed: Operation | 'choice' | null;
  };
  /** One sentence per class, for the mode cards of the console. */
  readonly effects: Record<ChangeClass, string>;
  /** Whether the sync picks which classes are sent at all (HTTP requests). */
  readonly triggers: boolean;
  readonly needsMatchKey: boolean;
}

/** Modes are data: nothing outside this table branches on a mode's name. */
export const syncModes = {
  upsert: {
    label: 'Upsert',
    summary: 'Create records that are missing and update those that exist.',
    operations: { added: 'upsert', changed: 'upsert', removed: 'choice' },
    effects: {
      added: 'Created, or updated where the match key already exists',
      changed: 'Updated',
      removed: 'As you choose: left alone, cleared or deleted',
    },
    triggers: false,
    needsMatchKey: true,
  },
  insert: {
    label: 'Insert',
    summary: 'Only create records; never touch existing ones.',
    operations: { added: 'create', changed: null, removed: null },
    effects: { added: 'Created', changed: 'Not sent', removed: 'Left alone' },
    triggers: false,
    needsMatchKey: false,
  },
  update: {
    label: 'Update',
    summary: 'Only update records that already exist; never create any.',
    operations: { added: 'update', changed: 'update', removed: 'choice' },
    effects: {
      added: 'Updated where the match key exists, otherwise rejected',
      changed: 'Updated',
      removed: 'As you choose: left alone, cleared or deleted',
    },
    triggers: false,
    needsMatchKey: true,
  },
  mirror: {
    label: 'Mirror',
    summary: 'Keep the destination identical to the model for the rows Sluice has sent.',
    operations: { added: 'upsert', changed: 'upsert', removed: 'delete' },
    effects: { added: 'Created or updated', changed: 'Updated', removed: 'Deleted' },
    triggers: false,
    needsMatchKey: true,
  },
  trigger: {
    label: 'Requests',
    summary: 'Send a request for rows that were added, changed or removed.',
    operations: { added: 'create', changed: 'update', removed: 'delete' },
    effects: {
      added: 'Your request for added rows',
      changed: 'Your request for changed rows',
      removed: 'Your request for removed rows',
    },
    triggers: true,
    needsMatchKey: false,
  },
} as const satisfies Record<string, SyncModeDefinition>;

export type SyncModeId = keyof typeof syncModes;
export const syncModeIds = Object.keys(syncModes) as [SyncModeId, ...SyncModeId[]];

/** The operation per class for a configured sync; `null` = rows of this class are counted but not sent. */
export function operationsOf(sync: {
  mode: SyncModeId;
  deleteBehaviour: DeleteBehaviour;
  triggers: readonly ChangeClass[];
}): Record<ChangeClass, Operation | null> {
  const mode: SyncModeDefinition = syncModes[sync.mode];
  const chosen = { nothing: null, clear: 'clear', delete: 'delete' } as const;
  const operation = (name: ChangeClass): Operation | null => {
    if (mode.triggers && !sync.triggers.includes(name)) return null;
    const planned = mode.operations[name];
    return planned === 'choice' ? chosen[sync.deleteBehaviour] : planned;
  };
  return Object.fromEntries(changeClasses.map((name) => [name, operation(name)])) as Record<
    ChangeClass,
    Operation | null
  >;
}
