import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEvent } from '@sluice/domain/run';
import { executeRun } from '../execute-run.ts';
import { helpRun } from '../help-run.ts';
import {
  type BatchOutcome,
  type BatchRecord,
  LeaseLost,
  type PastRun,
  type RequestLimiter,
  type RowException,
  type RunEnd,
  type RunStore,
  type StoredPlan,
} from '../ports.ts';
import type { RunSpecification } from '../run.ts';
import { Chunks, type Worker } from './chunks.ts';
import { gates } from './gate.ts';
import type { World } from './world.ts';

/** No limits at all. */
export const unlimited: RequestLimiter = {
  open: () => ({
    enter: async () => () => undefined,
    admit: async () => undefined,
    pause: () => undefined,
    pausedMs: () => 0,
    close: () => undefined,
  }),
};

export type RunOptions = Partial<
  Pick<RunSpecification, 'resync' | 'ignoreGuards' | 'selection' | 'configuration'>
> & { past?: Run };

/** One run: its record in the database, and attempts to execute it. */
export class Run {
  readonly world: World;
  readonly spec: RunSpecification;
  plan: StoredPlan | null = null;
  batches = new Map<number, BatchRecord>();
  exceptions = new Map<number, RowException>();
  events: Pick<RunEvent, 'level' | 'stage' | 'message'>[] = [];
  stages: string[] = [];
  end: RunEnd | null = null;
  epoch = 0;
  /** The run that is replayed or taken back. */
  past: Run | null = null;
  /** Its plan, cut for several workers. */
  readonly chunks = new Chunks(this);

  constructor(world: World, spec: RunSpecification) {
    this.world = world;
    this.spec = spec;
  }

  get ended(): RunEnd {
    if (!this.end) throw new Error('the run has not ended');
    return this.end;
  }

  private get pastPort(): { past?: PastRun } {
    const { past } = this;
    if (!past?.plan) return {};
    const exceptions = [...past.exceptions.values()];
    return {
      past: {
        plan: past.plan,
        batches: async function* () {
          yield* [...past.batches.values()].sort((a, b) => a.seqFrom - b.seqFrom);
        },
        exceptions: async function* () {
          yield* exceptions;
        },
        withReasons: async function* (reasons) {
          for (const { seq, code } of exceptions) if (reasons.includes(code)) yield seq;
        },
      },
    };
  }

  /** Executes the run, or goes on with it. */
  async attempt(
    options: {
      signal?: AbortSignal;
      limiter?: RequestLimiter;
      mutate?: (store: RunStore) => RunStore;
      /** The worker that owns the run; plans of `rowsMin` rows and more are cut. */
      worker?: Worker & { rowsMin: number };
    } = {},
  ): Promise<void> {
    this.epoch += 1;
    const { worker } = options;
    const store = (options.mutate ?? ((given) => given))(this.store(this.epoch));
    const work = async () => {
      const ports = await this.ports(options);
      const chunks = worker && { chunks: this.chunks.ofOwner(worker, this.epoch) };
      await this.inWorkDirectory(ports, () =>
        executeRun(this.spec, { ...ports, source: this.world.source(), store, ...chunks, ...this.pastPort }),
      );
    };
    await (worker ? gates.run(worker.gate, work) : work());
  }

  /** Another worker takes chunks of the run, if there are some to take. */
  async help(worker: Worker): Promise<void> {
    await gates.run(worker.gate, async () => {
      const board = this.chunks.board(worker);
      const first = await board.take();
      if (!first || !this.plan) return;
      let given = false;
      const take = async () => {
        if (given) return board.take();
        given = true;
        return first;
      };
      const ports = await this.ports({});
      await this.inWorkDirectory(ports, async () => {
        await helpRun(this.spec, this.plan as StoredPlan, { ...ports, board: { take } });
      });
    });
  }

  private async ports(options: { signal?: AbortSignal; limiter?: RequestLimiter }) {
    const workDirectory = join(this.world.directory, 'work', randomUUID());
    await mkdir(workDirectory, { recursive: true });
    return {
      destination: this.world.destination(),
      blobs: this.world.blobs(),
      limiter: options.limiter ?? unlimited,
      workDirectory,
      duckdb: { memoryLimitMb: 128, threads: 1 },
      retry: { attemptsMax: 3, baseMs: 1 },
      signal: options.signal ?? new AbortController().signal,
    };
  }

  private async inWorkDirectory(
    { workDirectory }: { readonly workDirectory: string },
    work: () => Promise<void>,
  ): Promise<void> {
    try {
      await work();
    } finally {
      await rm(workDirectory, { recursive: true, force: true });
    }
  }

  private store(epoch: number): RunStore {
    const { world } = this;
    const fence = async (call: string): Promise<void> => {
      await world.call(call);
      if (epoch !== this.epoch || this.end) throw new LeaseLost();
    };
    const after = (call: string) => world.call(`${call}:after`);
    const run = this;
    return {
      plan: async () => this.plan,
      enter: async (stage) => {
        await fence('enter');
        this.stages.push(stage);
      },
      planned: async (plan) => {
        await fence('planned');
        this.plan = plan;
        await after('planned');
      },
      async *batches() {
        yield* [...run.batches.values()].sort((a, b) => a.seqFrom - b.seqFrom);
      },
      async *exceptions() {
        yield* [...run.exceptions.values()];
      },
      intend: async (batches) => {
        await fence('intend');
        for (const batch of batches) this.batches.set(batch.seqFrom, { ...batch, state: 'intended' });
        await after('intend');
      },
      remember: async ({ seqFrom }, text) => {
        await fence('remember');
        const batch = this.batches.get(seqFrom);
        if (batch) this.batches.set(seqFrom, { ...batch, memory: text });
        await after('remember');
      },
      settle: async (outcomes) => {
        await fence('settle');
        for (const outcome of outcomes) this.book(outcome);
        await after('settle');
      },
      end: async (end) => {
        await fence('end');
        this.end = end;
        if (end.ledger) {
          world.ledgerKey = end.ledger.blobKey;
          world.ledgerRows = end.ledger.rows;
        }
        await after('end');
      },
      progress: () => undefined,
      event: (level, stage, message) => this.events.push({ level, stage, message }),
    };
  }

  book({ seqFrom, seqTo, class: name, exceptions }: BatchOutcome): void {
    this.batches.set(seqFrom, { seqFrom, seqTo, class: name, state: 'settled' });
    for (const exception of exceptions) this.exceptions.set(exception.seq, exception);
  }
}
