import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceConnection } from '@sluice/connectors/kit/source';
import {
  createTestSource,
  type TestSource,
} from '@sluice/connectors/sources/postgresql/__tests__/postgresql-source';
import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { asOwner } from '@sluice/testing/postgres';
import { unlimited, World } from '../../../__tests__/world.ts';
import { openDuck } from '../../../duck.ts';
import { literal } from '../../../sql.ts';
import { makePlan } from '../../make-plan.ts';

export type Planner = 'local' | 'warehouse';
/** Texts as PostgreSQL reads them, by column. */
export type TableRow = Readonly<Record<string, string | null>>;

/** Columns of the test table and their types; `id` is the primary key of the model, unique or not. */
export const tableColumns = {
  id: 'text',
  mail: 'text',
  amount: 'numeric',
  big: 'bigint',
  ratio: 'double precision',
  at: 'timestamptz',
  tags: 'text[]',
  doc: 'jsonb',
  raw: 'json',
  body: 'text',
} as const;
const columnNames = Object.keys(tableColumns);

/** A sync whose model is a real table, planned by either planner as the user `reader`, who owns nothing but its tables. */
export class PlannerWorld {
  readonly world: World;
  readonly at: TestSource;
  planner: Planner = 'warehouse';
  /** Called before each comparison in the source. */
  beforeCompare: () => Promise<unknown> = async () => undefined;
  /** What the last run that failed said to do. */
  fix = '';
  private readonly travelled: number[] = [];
  private plans = 0;

  private constructor(world: World, at: TestSource) {
    this.world = world;
    this.at = at;
    world.source = () => this.source(this.planner);
  }

  static async open(configuration: Partial<SyncConfigurationInput> = {}): Promise<PlannerWorld> {
    const at = await createTestSource();
    const world = await World.open(columnNames, { matchKey: { from: 'mail', to: 'mail' }, ...configuration });
    const definitions = Object.entries(tableColumns).map(([name, type]) => `${name} ${type}`);
    const planned = new PlannerWorld(world, at);
    await planned.sql(`
      do $$ begin
        if not exists (select from pg_roles where rolname = 'reader') then create role reader login password 'r'; end if;
      end $$;
      create table things (${definitions.join(', ')});
      grant select on things to reader;
      create schema sluice_planner;
      grant usage, create on schema sluice_planner to reader`);
    return planned;
  }

  async close(): Promise<void> {
    await this.world.close();
    await this.at.context.close();
  }

  /** How many rows and keys left the source in each comparison since this was last asked. */
  takeTravelled(): number[] {
    return this.travelled.splice(0);
  }

  /** Runs SQL as the owner of the server. */
  sql(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    return asOwner(text, values, this.at.database);
  }

  source(planner: Planner): SourceConnection {
    const source = this.at.open({ user: 'reader', password: 'r', planner });
    const query = { queryType: 'table', schema: 'public', table: 'things' } as const;
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

  async setRows(rows: readonly TableRow[]): Promise<void> {
    await this.sql('truncate things');
    const columns = columnNames.map((name, index) => `x.c${index}::${tableColumns[name as 'id']}`);
    await this.sql(
      `insert into things select ${columns.join(', ')}
       from json_to_recordset($1::json) as x(${columnNames.map((_, index) => `c${index} text`).join(', ')})`,
      [
        JSON.stringify(
          rows.map((row) =>
            Object.fromEntries(columnNames.map((name, index) => [`c${index}`, row[name] ?? null])),
          ),
        ),
      ],
    );
  }

  /** The plan that a planner makes now, with everything in it. Nothing is sent. */
  async plan(
    planner: Planner,
  ): Promise<{ counts: unknown; metadata: unknown; examples: unknown; rows: unknown[] }> {
    const { world } = this;
    const workDirectory = join(world.directory, `plan-${++this.plans}`);
    await mkdir(workDirectory, { recursive: true });
    const signal = new AbortController().signal;
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
        { read: () => undefined, comparing: () => undefined, complete: async () => undefined },
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
