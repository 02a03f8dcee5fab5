import { type ChangeClass, changeClasses } from './change.ts';

/**
 * What a destination is asked to do with a row. `add` and `remove` are about membership in a list or audience, not
 * about the record itself; `event` reports what happened and finds no record again.
 */
export type Operation =
  | 'create'
  | 'update'
  | 'upsert'
  | 'delete'
  | 'clear'
  | 'archive'
  | 'add'
  | 'remove'
  | 'event';

/**
 * Whether the operation writes the one record that a match value stands for: then two rows with one value are in each
 * other's way. Events and members are not: a person may do two things, and be added twice.
 */
export const ownsRecord = (operation: Operation): boolean =>
  operation !== 'create' && operation !== 'event' && operation !== 'add' && operation !== 'remove';

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
  /** Each run sends the whole model, changed or not: the target is written anew. */
  readonly resends?: true;
  /** Whether the sync may take its first result as known instead of sending it (`firstRun`). */
  readonly firstRunChoice?: true;
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
  archive: {
    label: 'Archive',
    summary: 'Create and update records, and archive those whose row has left the model.',
    operations: { added: 'upsert', changed: 'upsert', removed: 'archive' },
    effects: {
      added: 'Created or updated',
      changed: 'Updated',
      removed: 'Archived: kept, but out of the way',
    },
    triggers: false,
    needsMatchKey: true,
  },
  add: {
    label: 'Add',
    summary: 'Add members to a list or audience; never take anybody out.',
    operations: { added: 'add', changed: 'add', removed: null },
    effects: { added: 'Added', changed: 'Added with the new values', removed: 'Stays a member' },
    triggers: false,
    needsMatchKey: true,
  },
  remove: {
    label: 'Remove',
    summary: 'Take members out of a list or audience: the model says who has to go.',
    operations: { added: 'remove', changed: 'remove', removed: null },
    effects: { added: 'Taken out', changed: 'Taken out by the new values', removed: 'Not put back' },
    triggers: false,
    needsMatchKey: true,
  },
  segment: {
    label: 'Segment',
    summary: 'Keep a list or audience equal to the model for the members Sluice has added.',
    operations: { added: 'add', changed: 'add', removed: 'remove' },
    effects: { added: 'Added', changed: 'Added with the new values', removed: 'Taken out' },
    triggers: false,
    needsMatchKey: true,
  },
  event: {
    label: 'Events',
    summary: 'Send an event for each row that was added or changed.',
    operations: { added: 'event', changed: 'event', removed: null },
    effects: { added: 'An event', changed: 'Another event', removed: 'No event' },
    triggers: false,
    needsMatchKey: true,
    firstRunChoice: true,
  },
  all: {
    label: 'All',
    summary: 'Write the whole model anew with each run.',
    operations: { added: 'create', changed: 'create', removed: null },
    effects: { added: 'Written', changed: 'Written', removed: 'Not written any more' },
    triggers: false,
    needsMatchKey: false,
    resends: true,
  },
  diff: {
    label: 'Diff',
    summary: 'Write what was added, changed and removed, each as such.',
    operations: { added: 'create', changed: 'update', removed: 'delete' },
    effects: { added: 'Written as added', changed: 'Written as changed', removed: 'Written as removed' },
    triggers: false,
    needsMatchKey: false,
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
