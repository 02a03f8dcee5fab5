import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceConnection } from '@sluice/connectors/kit/source';
import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { unlimited, World } from '../../../__tests__/world.ts';
import { openDuck } from '../../../duck.ts';
import { literal } from '../../../sql.ts';
import { makePlan } from '../../make-plan.ts';
import { openPostgresqlPlace } from './postgresql-place.ts';

export type Planner = 'local' | 'warehouse';
/** Texts as the server reads them, by column. */
export type TableRow = Readonly<Record<string, string | null>>;

/** A server with a table that is the model, and a schema for the planner. */
export interface PlannerPlace {
  /** Columns of the table; `id` is the primary key of the model, unique or not, and `mail` may be its match key. */
  readonly columns: readonly string[];
  /** The source, as a user who owns nothing but the planner's tables. */
  open(planner: Planner, signal?: AbortSignal): SourceConnection;
  readonly table: { readonly schema: string; readonly table: string };
  setRows(rows: readonly TableRow[]): Promise<void>;
  /** Runs SQL as the owner of the server. */
  sql(text: string): Promise<unknown>;
  close(): Promise<void>;
}

/** A sync whose model is a real table, planned by either planner. */
export class PlannerWorld {
  readonly world: World;
  readonly at: PlannerPlace;
  planner: Planner = 'warehouse';
  /** Called before each comparison in the source. */
  beforeCompare: () => Promise<unknown> = async () => undefined;
  /** What the last run that failed said to do. */
  fix = '';
  /** Why the source did not compare when `plan` asked it last. */
  declined: string | null = null;
  private readonly travelled: number[] = [];
  private plans = 0;

  private constructor(world: World, at: PlannerPlace) {
    this.world = world;
    this.at = at;
    world.source = () => this.source(this.planner);
  }

  static async open(
    configuration: Partial<SyncConfigurationInput> = {},
    place?: PlannerPlace,
  ): Promise<PlannerWorld> {
    const at = place ?? (await openPostgresqlPlace());
    const world = await World.open(at.columns, { matchKey: { from: 'mail', to: 'mail' }, ...configuration });
    return new PlannerWorld(world, at);
  }

  async close(): Promise<void> {
    await this.world.close();
    await this.at.close();
  }

  /** How many rows and keys left the source in each comparison since this was last asked. */
  takeTravelled(): number[] {
    return this.travelled.splice(0);
  }

  sql(text: string): Promise<unknown> {
    return this.at.sql(text);
  }

  source(planner: Planner): SourceConnection {
    const source = this.at.open(planner);
    const query = { queryType: 'table', ...this.at.table } as const;
    return {
      ...source,
      describe: () => source.describe(query),
      preview: (_query, options) => source.preview(query, options),
      spool: (_query, path, onProgress) => source.spool(query, path, onProgress),
      ...(source.planner && {
        planner: {
          ...source.planner,
          compare: async (_query, comparison, path) => {
            await this.beforeCompare();
            if (!source.planner) throw new Error('no planner');
            let mirrored = false;
            const choose: typeof comparison.choose = (columns) => {
              const chosen = comparison.choose(columns);
              mirrored = chosen.mirror !== null;
              return chosen;
            };
            const result = await source.planner.compare(query, { ...comparison, choose }, path);
            // With a mirror three lines count: rows, rows without a key, keys in the mirror.
            this.travelled.push(mirrored && result.compared ? result.rows - 3 : result.rows);
            return result;
          },
        },
      }),
    };
  }

  setRows(rows: readonly TableRow[]): Promise<void> {
    return this.at.setRows(rows);
  }

  /** The plan that a planner makes now, with everything in it. Nothing is sent. */
  async plan(
    planner: Planner,
  ): Promise<{ counts: unknown; metadata: unknown; examples: unknown; rows: unknown[] }> {
    const { world } = this;
    const workDirectory = join(world.directory, `plan-${++this.plans}`);
    await mkdir(workDirectory, { recursive: true });
    const signal = new AbortController().signal;
    this.declined = null;
    const duck = await openDuck({ workDirectory, memoryLimitMb: 256, threads: 1, signal });
    try {
      const made = await makePlan(
        duck,
        world.begin().spec,
        {
          source: this.source(planner),
          destination: world.destination(),
          blobs: world.blobs(),
          limiter: unlimited,
          workDirectory,
          duckdb: { memoryLimitMb: 256, threads: 1 },
          retry: { attemptsMax: 1, baseMs: 1 },
          signal,
        },
        {
          read: () => undefined,
          comparing: () => undefined,
          declined: (reason) => {
            this.declined = reason;
          },
          complete: async () => undefined,
        },
      );
      const rows = await duck.rows(
        `SELECT * REPLACE (hex(fp) AS fp, hex(old_fp) AS old_fp) FROM read_parquet(${literal(made.path)}) ORDER BY seq`,
      );
      const shown = rows.map((row) => row.map(short));
      return { counts: made.counts, metadata: made.metadata, examples: made.keyExamples, rows: shown };
    } finally {
      duck.close();
      await rm(workDirectory, { recursive: true, force: true });
    }
  }

  /** Runs the sync with a planner; answers what was sent. */
  async run(planner: Planner): Promise<{ status: string; code: string | null; sent: number }> {
    this.planner = planner;
    this.world.requests = [];
    const end = await this.world.run();
    // What comes before the statements is for people.
    this.fix = end.error?.fix.replace(/^[^\n]*\n/, '') ?? '';
    const sent = this.world.requests.reduce((sum, batch) => sum + batch.length, 0);
    return { status: end.status, code: end.error?.code ?? null, sent };
  }
}

/** A megabyte in a message of a failed test helps nobody. */
const short = (cell: unknown): unknown =>
  typeof cell === 'string' && cell.length > 1_000
    ? `${cell.length}: ${createHash('md5').update(cell).digest('hex')}`
    : cell;
