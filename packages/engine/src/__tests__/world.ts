import { access, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type {
  DestinationConnection,
  DestinationRecord,
  DestinationWriter,
  RecordResult,
} from '@sluice/connectors/kit/destination';
import type { SourceConnection } from '@sluice/connectors/kit/source';
import type { Column } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import { SyncConfiguration, type SyncConfigurationInput } from '@sluice/domain/sync';
import type { BlobStore, RunEnd } from '../ports.ts';
import { type Gate, gates } from './gate.ts';
import { Run, type RunOptions } from './world-run.ts';

export { Killed } from './gate.ts';
export { Run, type RunOptions, unlimited } from './world-run.ts';

export type Cells = Record<string, string | null>;

/** What the destination does with one record, decided by a test. */
export type Verdict = RecordResult['status'] | 'applied_but_lost' | 'in_doubt';
export type Decide = (record: DestinationRecord, attempt: number) => Verdict;

/** A model, a destination like a table, blobs in a directory, and the record of runs: a whole sync, in one process. */
export class World {
  rows: Cells[] = [];
  columns: Column[];
  primaryKey = 'id';
  /** Match value → fields, as the destination holds them. */
  table = new Map<string, Cells>();
  requests: DestinationRecord[][] = [];
  /** The facts about the run that each writer was given. */
  facts: (Readonly<Record<string, unknown>> | undefined)[] = [];
  decide: Decide = () => 'delivered';
  /** A real destination instead of the table. */
  connect: (() => DestinationConnection) | null = null;
  /** For calls of workers that have no gate of their own. */
  gate: Gate = () => undefined;
  configuration: SyncConfiguration;
  ledgerKey: string | null = null;
  ledgerRows = 0;
  batchRowsMax = 3;
  concurrency = 2;
  used: readonly string[] | 'all' = [];
  keptForRemoval: readonly string[] | 'all' = [];
  reportedRows: number | null = null;
  directory: string;
  private lastRun = 0;

  private constructor(directory: string, columns: Column[], configuration: SyncConfigurationInput) {
    this.directory = directory;
    this.columns = columns;
    this.configuration = SyncConfiguration.parse(configuration);
  }

  static async open(
    columns: readonly string[],
    configuration: Partial<SyncConfigurationInput> = {},
  ): Promise<World> {
    const directory = await mkdtemp(join(tmpdir(), 'sluice-engine-'));
    return new World(
      directory,
      columns.map((name) => ({ name, type: 'string', nativeType: 'text' })),
      {
        object: 'things',
        mode: 'mirror',
        matchKey: { from: 'id', to: 'id' },
        mappings: columns.slice(1).map((name) => ({ type: 'column', from: name, to: name })),
        guards: { removedShareMax: null, changedRowsMax: null },
        ...configuration,
      },
    );
  }

  /** A worker calls one of its ports. */
  async call(name: string): Promise<void> {
    await (gates.getStore() ?? this.gate)(name);
  }

  close(): Promise<void> {
    return rm(this.directory, { recursive: true, force: true });
  }

  configure(change: Partial<SyncConfigurationInput>): void {
    this.configuration = SyncConfiguration.parse({ ...this.configuration, ...change });
  }

  /** A new run, to be executed by one or more attempts. */
  begin(options: RunOptions = {}): Run {
    this.lastRun += 1;
    const run = new Run(this, {
      runId: this.lastRun,
      sync: { id: 1, slug: 'things' },
      workspaceId: 1,
      model: {
        id: 1,
        name: 'Things',
        query: { queryType: 'raw_sql', sql: 'select' },
        primaryKey: this.primaryKey,
      },
      configuration: options.configuration ?? this.configuration,
      selection: options.selection ?? null,
      resync: options.resync ?? 'none',
      ignoreGuards: options.ignoreGuards ?? false,
      startedAt: new Date('2026-11-22T07:00:00Z'),
      ledgerKey: this.ledgerKey,
    });
    run.past = options.past ?? null;
    return run;
  }

  /** A run in one attempt. */
  async run(options: RunOptions = {}): Promise<RunEnd> {
    const run = this.begin(options);
    await run.attempt();
    return run.ended;
  }

  source(): SourceConnection {
    const unused = (): never => {
      throw new SluiceError('internal', 'not part of the test');
    };
    return {
      check: unused,
      introspect: unused,
      describe: async () => this.columns,
      preview: async (_query, { limit }) => ({
        columns: this.columns,
        rows: this.rows.slice(0, limit).map((row) => this.columns.map(({ name }) => row[name] ?? null)),
        hasMore: this.rows.length > limit,
        durationMs: 1,
      }),
      inspectKey: unused,
      spool: async (_query, path) => {
        await this.call('spool');
        const text = this.rows
          .map((row) => `${this.columns.map(({ name }) => cell(row[name] ?? null)).join(',')}\n`)
          .join('');
        await writeFile(path, text);
        return {
          columns: this.columns,
          rows: this.reportedRows ?? this.rows.length,
          bytes: Buffer.byteLength(text),
        };
      },
      close: async () => undefined,
    };
  }

  destination(): DestinationConnection {
    if (this.connect) return this.connect();
    const unused = (): never => {
      throw new SluiceError('internal', 'not part of the test');
    };
    return {
      check: unused,
      listObjects: unused,
      describeObject: unused,
      validate: async () => ({}),
      columnsUsed: () => this.used,
      columnsNamed: () => [],
      columnsForRemoval: () => this.keptForRemoval,
      writer: async (_configuration, variables) => {
        this.facts.push(variables);
        return this.writer();
      },
      close: async () => undefined,
    };
  }

  private writer(): DestinationWriter {
    const attempts = new Map<number, number>();
    return {
      limits: { batchRowsMax: this.batchRowsMax, concurrency: this.concurrency, requests: [] },
      mixedBatches: false,
      deliver: async (batch, { admit }) => {
        await admit();
        await this.call('deliver:before');
        this.requests.push([...batch]);
        const results = batch.map((record): RecordResult => {
          const attempt = (attempts.get(record.seq) ?? 0) + 1;
          attempts.set(record.seq, attempt);
          const verdict = this.decide(record, attempt);
          if (verdict === 'delivered' || verdict === 'applied_but_lost') this.apply(record);
          if (verdict === 'delivered') return { status: 'delivered' };
          if (verdict === 'rejected') return { status: 'rejected', code: '422', message: 'not like this' };
          if (verdict === 'in_doubt') {
            return { status: 'retry', code: '500', message: 'something broke', inDoubt: true };
          }
          if (verdict === 'retry') return { status: 'retry', code: '503', message: 'later' };
          return { status: 'uncertain', code: 'no_answer', message: 'the answer was lost' };
        });
        await this.call('deliver:after');
        return { results, exchanges: [] };
      },
      preview: async (batch) => [{ summary: `write ${batch.length}`, headers: {}, body: null }],
      close: async () => undefined,
    };
  }

  private apply(record: DestinationRecord): void {
    const match = String(record.matchValue);
    if (record.operation === 'delete') this.table.delete(match);
    else this.table.set(match, { ...this.table.get(match), ...(record.fields as Cells) });
  }

  blobs(): BlobStore {
    const pathOf = (key: string): string => join(this.directory, 'blobs', key);
    return {
      put: async (key, localPath) => {
        await this.call('put');
        await mkdir(dirname(pathOf(key)), { recursive: true });
        await copyFile(localPath, pathOf(key));
        await this.call('put:after');
      },
      read: async (key) => {
        await access(pathOf(key)).catch(() => {
          throw new SluiceError(key.startsWith('ledgers/') ? 'ledger_missing' : 'plan_missing', 'gone');
        });
        return { path: pathOf(key), release: async () => undefined };
      },
      remove: (key) => rm(pathOf(key), { force: true }),
      list: async function* () {},
    };
  }
}

const cell = (text: string | null): string =>
  text === null ? '' : text === '' || /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
