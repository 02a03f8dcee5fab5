import type { DestinationConnection, RecordResult } from '@sluice/connectors/kit/destination';
import type { Run } from '@sluice/engine/__tests__/world';
import type { RunStore } from '@sluice/engine/ports';
import type { Round, Stop, Weakness } from './life.ts';

/** Weaknesses that lie inside the engine; the test puts them in the place of its modules. */
export const inside = { committed: 'commit-ledger', doubtful: 'plan-batches' } as const;

export interface Mutant extends Weakness {
  readonly name: string;
  /** The module of the engine that is weakened, if it is none of its ports. */
  readonly module?: (typeof inside)[keyof typeof inside];
  /** A short history in which it does harm. */
  readonly history: readonly Round[];
}

const killed = (call: string, nth = 1): Stop => ({ how: 'killed', call, nth });
const asleep = (call: string, nth = 1): Stop => ({ how: 'asleep', call, nth });
const set = (id: number, name: string | null | 'gone') => [{ id, name }];

/** Nine ways to weaken the protocol, each of which loses or corrupts rows. */
export const mutants: readonly Mutant[] = [
  {
    name: 'sends without having recorded the intent',
    store: (store) => ({ ...store, intend: async () => undefined }),
    // Applied, killed before the outcome, refused when it is sent again; then the row leaves: only the intent knew.
    history: [
      { edits: set(1, 'a'), verdicts: ['delivered', 'rejected'], stops: [killed('deliver:after')] },
      { edits: set(1, 'gone') },
    ],
  },
  {
    name: 'takes the plan for the new ledger, whatever was acknowledged',
    module: inside.committed,
    history: [{ edits: [...set(1, 'a'), ...set(2, 'b')], verdicts: ['delivered', 'rejected'] }],
  },
  {
    name: 'books a lost answer as refused',
    destination: answering((result) =>
      result.status === 'uncertain' ? { status: 'rejected', code: 'timeout', message: 'no answer' } : result,
    ),
    history: [{ edits: set(1, 'a'), verdicts: ['applied_but_lost'] }, { edits: set(1, 'gone') }],
  },
  {
    name: 'books a lost answer as delivered',
    destination: answering((result) => (result.status === 'uncertain' ? { status: 'delivered' } : result)),
    history: [{ edits: set(1, 'a'), verdicts: ['uncertain'] }],
  },
  {
    name: 'takes a partial answer for all of the batch',
    destination: answering((result, all) =>
      all.some(({ status }) => status === 'delivered') ? { status: 'delivered' } : result,
    ),
    history: [{ edits: [...set(1, 'a'), ...set(2, 'b')], verdicts: ['delivered', 'rejected'] }],
  },
  {
    name: 'lets a refusal clear an older doubt',
    module: inside.doubtful,
    history: [
      { edits: set(1, 'a'), verdicts: ['delivered', 'rejected'], stops: [killed('deliver:after')] },
      { edits: set(1, 'gone') },
    ],
  },
  {
    name: 'lets a worker write that has lost its lease',
    store: unfenced,
    history: [
      { edits: set(1, 'a'), stops: [asleep('end')] },
      { edits: set(2, 'b') },
      { edits: set(2, 'gone') },
    ],
  },
  {
    name: 'takes a run over while requests of the old owner can still arrive',
    requestsLandLate: true,
    history: [
      { edits: set(1, 'a'), stops: [asleep('deliver:before')] },
      { edits: set(1, 'b') },
      { edits: [] },
    ],
  },
  {
    name: 'takes a result that broke off for the whole',
    source: (connection) => ({
      ...connection,
      async spool(query, path, ...more) {
        let arrived = 0;
        const result = await connection.spool(query, path, ...more);
        const { readFile } = await import('node:fs/promises');
        for (const byte of await readFile(path)) if (byte === 10) arrived += 1;
        return { ...result, rows: arrived };
      },
    }),
    history: [{ edits: [...set(1, 'a'), ...set(2, 'b')] }, { edits: set(1, 'c'), truncated: true }],
  },
];

function answering(
  change: (result: RecordResult, all: readonly RecordResult[]) => RecordResult,
): (connection: DestinationConnection) => DestinationConnection {
  return (connection) => ({
    ...connection,
    async writer(configuration, variables) {
      const writer = await connection.writer(configuration, variables);
      return {
        ...writer,
        async deliver(batch, options) {
          const { results, exchanges } = await writer.deliver(batch, options);
          return { results: results.map((result) => change(result, results)), exchanges };
        },
      };
    },
  });
}

/** Writes whoever asks, also after the end of the run. */
function unfenced(store: RunStore, run: Run): RunStore {
  const open =
    <Arguments extends unknown[]>(write: (...args: Arguments) => Promise<void>) =>
    async (...args: Arguments): Promise<void> => {
      // The gate lies before the fence: a worker that stands still asks for the fence after it has woken.
      await run.world.call('unfenced');
      const { end, epoch } = run;
      await write(...args).catch(async () => {
        run.end = null;
        run.epoch = ownEpoch;
        await write(...args).finally(() => {
          run.end ??= end;
          run.epoch = epoch;
        });
      });
    };
  const ownEpoch = run.epoch;
  return {
    ...store,
    intend: open(store.intend),
    settle: open(store.settle),
    end: open(store.end),
  };
}
