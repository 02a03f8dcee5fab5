import type { ChangeClass } from '@sluice/domain/change';
import type { SluiceError } from '@sluice/domain/error';
import {
  type Chunk,
  type ChunkBoard,
  type ChunkedProgress,
  type ChunkStore,
  type ClaimedChunk,
  LeaseLost,
  type RunChunks,
} from '../ports.ts';
import { type Gate, Killed } from './gate.ts';
import type { Run } from './world-run.ts';

/** A worker: every call of its ports goes through its gate. Dead, its leases run out at once. */
export interface Worker {
  readonly gate: Gate;
  readonly dead: () => boolean;
}

/** A worker that is killed at its call number `callsMax`; dead, nothing that it does has any effect. */
export function mortal(callsMax: number): Worker {
  let calls = 0;
  return {
    dead: () => calls > callsMax,
    gate: () => {
      calls += 1;
      if (calls > callsMax) throw new Killed();
    },
  };
}

interface Entry {
  readonly chunk: Chunk;
  state: 'open' | 'claimed' | 'settled' | 'closed';
  epoch: number;
  holder: Worker | null;
}

/** The chunks of a run as the database keeps them. */
export class Chunks {
  entries: Entry[] = [];
  failure: SluiceError | null = null;
  private readonly run: Run;

  constructor(run: Run) {
    this.run = run;
  }

  board(worker: Worker): ChunkBoard {
    const { run } = this;
    return {
      take: async () => {
        await run.world.call('take');
        if (run.end || this.failure) return null;
        const first = this.entries.find(({ state }) => state !== 'settled');
        const free = this.entries.find(
          (entry) => entry.chunk.class === first?.chunk.class && this.isFree(entry),
        );
        if (!free) return null;
        free.state = 'claimed';
        free.epoch += 1;
        free.holder = worker;
        const claimed = this.claimed(free, free.epoch);
        await run.world.call('take:after');
        return claimed;
      },
    };
  }

  ofOwner(worker: Worker & { rowsMin: number }, epoch: number): RunChunks {
    const { run } = this;
    const fence = async (call: string): Promise<void> => {
      await run.world.call(call);
      if (epoch !== run.epoch || run.end) throw new LeaseLost();
    };
    return {
      ...this.board(worker),
      rowsMin: worker.rowsMin,
      resumed: epoch > 1,
      lookMs: 1,
      offer: async (chunks) => {
        await fence('offer');
        if (this.entries.length > 0) return true;
        if (run.batches.size > 0) return false;
        this.entries = chunks.map((chunk) => ({ chunk, state: 'open', epoch: 0, holder: null }));
        return chunks.length > 0;
      },
      look: async () => {
        await fence('look');
        return this.progress();
      },
      withdraw: async () => {
        await fence('withdraw');
        for (const entry of this.entries) {
          if (!this.isFree(entry)) continue;
          entry.state = 'closed';
          entry.epoch += 1;
        }
        return this.entries.filter(({ state }) => state === 'claimed').length;
      },
    };
  }

  private isFree({ state, holder }: Entry): boolean {
    return state === 'open' || (state === 'claimed' && (holder?.dead() ?? true));
  }

  private progress(): ChunkedProgress {
    const none = (): Record<ChangeClass, number> => ({ added: 0, changed: 0, removed: 0 });
    return {
      left: this.entries.filter(({ state }) => state !== 'settled').length,
      failure: this.failure,
      delivered: none(),
      rejected: none(),
      uncertain: none(),
    };
  }

  private claimed(entry: Entry, epoch: number): ClaimedChunk {
    const { run } = this;
    const { seqFrom, seqTo } = entry.chunk;
    const within = ({ seq }: { seq: number }): boolean => seq >= seqFrom && seq <= seqTo;
    const fence = async (call: string): Promise<void> => {
      await run.world.call(call);
      if (entry.epoch !== epoch || entry.state !== 'claimed' || run.end) throw new LeaseLost();
    };
    const after = (call: string) => run.world.call(`${call}:after`);
    const become = async (call: string, state: Entry['state']): Promise<void> => {
      await fence(call);
      entry.state = state;
      await after(call);
    };
    const store: ChunkStore = {
      async *batches() {
        yield* [...run.batches.values()]
          .filter((batch) => within({ seq: batch.seqFrom }))
          .sort((a, b) => a.seqFrom - b.seqFrom);
      },
      async *exceptions() {
        yield* [...run.exceptions.values()].filter(within);
      },
      intend: async (batches) => {
        await fence('intend');
        for (const batch of batches) run.batches.set(batch.seqFrom, { ...batch, state: 'intended' });
        await after('intend');
      },
      remember: async ({ seqFrom }, text) => {
        await fence('remember');
        const batch = run.batches.get(seqFrom);
        if (batch) run.batches.set(seqFrom, { ...batch, memory: text });
        await after('remember');
      },
      settle: async (outcomes) => {
        await fence('settle');
        for (const outcome of outcomes) run.book(outcome);
        await after('settle');
      },
      complete: () => become('complete', 'settled'),
      close: async (error) => {
        await fence('close');
        this.failure ??= error;
        entry.state = 'closed';
        for (const [seq, batch] of run.batches) {
          if (batch.state === 'intended' && within({ seq })) run.batches.delete(seq);
        }
        await after('close');
      },
      release: () => become('release', 'open'),
      event: (level, stage, message) => run.events.push({ level, stage, message }),
    };
    const holds = (): boolean => entry.epoch === epoch;
    return { ...entry.chunk, store, signal: new AbortController().signal, holds };
  }
}
