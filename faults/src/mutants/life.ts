import type { DestinationConnection } from '@sluice/connectors/kit/destination';
import type { SourceConnection } from '@sluice/connectors/kit/source';
import { countsAddUp } from '@sluice/domain/change';
import { Killed, type Run, unlimited, type Verdict, World } from '@sluice/engine/__tests__/world';
import { LeaseLost, type RequestLimiter, type RunStore } from '@sluice/engine/ports';

/** Where a worker stops: at the nth call of a port with this name. Asleep, it wakes when a later run has ended. */
export interface Stop {
  readonly how: 'killed' | 'asleep';
  readonly call: string;
  readonly nth: number;
}

/** One run of a life: what people changed before it, what the destination does, and where its workers stop. */
export interface Round {
  readonly edits: readonly { readonly id: number; readonly name: string | null | 'gone' }[];
  /** By rows sent, in turns. */
  readonly verdicts?: readonly Verdict[];
  readonly stops?: readonly Stop[];
  /** The result breaks off before its last row. */
  readonly truncated?: boolean;
}

/** A protocol that has been weakened, by what stands between the engine and the world. */
export interface Weakness {
  store?(store: RunStore, run: Run): RunStore;
  destination?(connection: DestinationConnection): DestinationConnection;
  source?(connection: SourceConnection): SourceConnection;
  /** A request that is on its way when its worker stands still arrives when it wakes. */
  readonly requestsLandLate?: boolean;
}

/**
 * Lives through a history, then runs undisturbed: the destination must hold exactly the model, and nothing may be left
 * to send. Throws what is wrong.
 */
export async function live(history: readonly Round[], weakness: Weakness = {}): Promise<void> {
  const world = await World.open(['id', 'mail', 'name'], {
    matchKey: { from: 'mail', to: 'mail' },
    mappings: [{ type: 'column', from: 'name', to: 'name' }],
  });
  world.batchRowsMax = 2;
  weaken(world, weakness);
  let sleepers: Sleeper[] = [];
  try {
    for (const round of history) {
      const asleep = await liveRound(world, round, weakness);
      for (const { wake, ended } of sleepers) {
        wake();
        await ended;
      }
      sleepers = asleep;
    }
    for (const { wake, ended } of sleepers) {
      wake();
      await ended;
    }
    await expectRight(world);
  } finally {
    for (const { wake } of sleepers) wake();
    await Promise.all(sleepers.map(({ ended }) => ended));
    await world.close();
  }
}

interface Sleeper {
  wake(): void;
  readonly ended: Promise<unknown>;
}

function weaken(world: World, { destination, source }: Weakness): void {
  const open = { destination: world.destination.bind(world), source: world.source.bind(world) };
  if (destination) world.destination = () => destination(open.destination());
  if (source) world.source = () => source(open.source());
}

async function liveRound(world: World, round: Round, weakness: Weakness): Promise<Sleeper[]> {
  edit(world, round);
  const { verdicts = [], stops = [], truncated = false } = round;
  const whole = world.rows;
  if (truncated) {
    world.rows = whole.slice(0, -1);
    world.reportedRows = whole.length;
  }
  let sent = 0;
  world.decide = () => verdicts[sent++ % Math.max(1, verdicts.length)] ?? 'delivered';
  world.requests = [];
  const run = world.begin();
  const mutate = (store: RunStore): RunStore => weakness.store?.(store, run) ?? store;
  const sleepers: Sleeper[] = [];
  for (const stop of stops) {
    const sleeper = await attempt(run, stop, { mutate, late: weakness.requestsLandLate ?? false });
    if (sleeper) sleepers.push(sleeper);
    if (run.end) break;
  }
  if (!run.end) await run.attempt({ mutate });
  world.rows = whole;
  world.reportedRows = null;
  world.decide = () => 'delivered';
  if (!countsAddUp(run.ended.counts)) throw new Error('the counts do not add up');
  const ids = new Set(whole.map(({ id }) => id));
  const wrong = world.requests.flat().find(({ operation, key }) => operation === 'delete' && ids.has(key));
  if (wrong) throw new Error(`row ${wrong.key} was removed although it is in the model`);
  return sleepers;
}

/** One worker; answers it when it stands still instead of being dead or done. */
async function attempt(
  run: Run,
  stop: Stop,
  { mutate, late }: { mutate: (store: RunStore) => RunStore; late: boolean },
): Promise<Sleeper | null> {
  const alarm = Promise.withResolvers<void>();
  const still = Promise.withResolvers<'still'>();
  let seen = 0;
  let stopped = false;
  const gate = async (call: string): Promise<void> => {
    seen += call === stop.call ? 1 : 0;
    if (seen < stop.nth) return;
    if (stop.how === 'killed') throw new Killed();
    stopped = true;
    // Others wait until nothing of this worker can arrive any more: what is on its way arrives before they begin.
    if (call === 'deliver:before' && !late) return;
    still.resolve('still');
    await alarm.promise;
  };
  const limiter: RequestLimiter = {
    open: (limits) => ({
      ...unlimited.open(limits),
      admit: async () => {
        if (stopped) throw new LeaseLost();
      },
    }),
  };
  const ended = run
    .attempt({ mutate, limiter, worker: { gate, dead: () => false, rowsMin: Number.MAX_SAFE_INTEGER } })
    .then(() => 'ended' as const, expected);
  return (await Promise.race([ended, still.promise])) === 'still' ? { wake: alarm.resolve, ended } : null;
}

function expected(thrown: unknown): 'ended' {
  if (thrown instanceof Killed || thrown instanceof LeaseLost) return 'ended';
  throw thrown;
}

function edit(world: World, { edits }: Round): void {
  const rows = new Map(world.rows.map((row) => [String(row.id), row]));
  for (const { id, name } of edits) {
    if (name === 'gone') rows.delete(String(id));
    else rows.set(String(id), { id: String(id), mail: `m${id}`, name });
  }
  world.rows = [...rows.values()];
}

async function expectRight(world: World): Promise<void> {
  const end = await world.run();
  if (end.status !== 'success') throw new Error(`the last run ended as ${end.status}`);
  const is = JSON.stringify([...world.table].sort());
  const model = world.rows.map(({ mail, name }) => [String(mail), { name: name ?? null }]);
  const should = JSON.stringify(model.sort());
  if (is !== should) throw new Error(`the destination holds ${is} and not ${should}`);
  world.requests = [];
  await world.run();
  if (world.requests.length > 0) throw new Error('something was left to send');
}
