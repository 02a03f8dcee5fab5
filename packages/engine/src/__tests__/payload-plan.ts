import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PayloadFormat } from '@sluice/connectors/kit/payload';
import { noRunCounts } from '@sluice/domain/change';
import type { Column } from '@sluice/domain/column';
import { SyncConfiguration, type SyncConfigurationInput } from '@sluice/domain/sync';
import { readRange } from '../deliver/plan-batches.ts';
import { compilePayloads, cutPayloads, type PlannedPayload } from '../deliver/plan-payloads.ts';
import { type Duck, openDuck } from '../duck.ts';
import type { PlanMetadata } from '../ledger/file-metadata.ts';
import type { RunVariables } from '../map/mapping.ts';
import type { OpenPlan } from '../plan/open-plan.ts';
import { bytesSql, planFileOptions } from '../plan/plan-file.ts';
import type { PlannedChange } from '../plan/planned-change.ts';
import { literal } from '../sql.ts';

/** The canonical texts of a row: its key, then one for each column. */
export type Texts = readonly [key: string, ...values: (string | null)[]];

export const variables: RunVariables = {
  'sync-id': 7,
  'sync-slug': 'things',
  'run-id': 42,
  'run-started-at': '2026-11-22T07:00:00Z',
  'model-id': 3,
  'model-name': `Anne's \\ "things"`,
};

/** A whole configuration from what a test is about. */
export const configurationOf = (input: Partial<SyncConfigurationInput>): SyncConfiguration =>
  SyncConfiguration.parse({ object: 'things', mode: 'upsert', ...input });

/** A directory with a DuckDB, for plans of added rows. */
export class PlanDesk {
  readonly duck: Duck;
  private readonly directory: string;
  private plans = 0;

  private constructor(duck: Duck, directory: string) {
    this.duck = duck;
    this.directory = directory;
  }

  static async open(): Promise<PlanDesk> {
    const directory = await mkdtemp(join(tmpdir(), 'sluice-payload-'));
    return new PlanDesk(
      await openDuck({ workDirectory: directory, memoryLimitMb: 256, threads: 1 }),
      directory,
    );
  }

  async close(): Promise<void> {
    this.duck.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Writes the plan file of rows that are all added, numbered from 1. */
  async plan(primaryKey: Column, values: readonly Column[], rows: readonly Texts[]): Promise<OpenPlan> {
    const metadata: PlanMetadata = {
      version: 1,
      primaryKey,
      values,
      kept: [],
      ledgerValues: [],
      ledgerKey: null,
      ledgerRows: 0,
      carriesUnchanged: false,
    };
    // Each in a file of its own: DuckDB may keep what it read of a path.
    const path = join(this.directory, `plan-${this.plans++}.parquet`);
    const names = values.map((_, index) => `v${index}`);
    const cells = (row: Texts): string =>
      row
        .map((text) => (text === null ? 'NULL' : text.split('\0').map(literal).join(' || chr(0) || ')))
        .join(', ');
    await this.duck.run(`
      COPY (
        SELECT seq, 'added' AS class, true AS sent, key, NULL::BLOB AS fp, false AS known, NULL::BLOB AS old_fp,
          false AS old_doubt, ${names.map((name) => `${name}::VARCHAR AS ${name}, `).join('')} ${bytesSql(names)} AS bytes
        FROM (VALUES ${rows.map((row, index) => `(${index + 1}, ${cells(row)})`).join(', ')}) r(seq, key${names.map((name) => `, ${name}`).join('')})
        ORDER BY seq
      ) TO ${literal(path)} (${planFileOptions(metadata)})`);
    return { duck: this.duck, path, metadata, size: 0, counts: noRunCounts() };
  }
}

/** The payload of the rows from one position to another; `null` when they are to be sent as records. */
export async function payloadOf(
  plan: OpenPlan,
  format: PayloadFormat,
  configuration: SyncConfiguration,
  range: { readonly from: number; readonly to: number },
): Promise<PlannedPayload | null> {
  const writer = { payloads: { format: () => format, deliver: () => Promise.reject(new Error('not sent')) } };
  const text = compilePayloads(writer, { metadata: plan.metadata, configuration, variables })('added');
  if (!text) return null;
  const cut = await Array.fromAsync(cutPayloads(plan, text, { ...range, class: 'added' }));
  const [only] = cut;
  if (cut.length !== 1 || !only) throw new Error(`${cut.length} batches of ${range.from} to ${range.to}`);
  return 'payload' in only ? only : null;
}

/** The same row as the engine gives it to mappings. */
export async function changeAt(plan: OpenPlan, seq: number): Promise<PlannedChange> {
  const [change] = await readRange(plan, { from: seq, to: seq });
  if (!change) throw new Error(`no row at ${seq}`);
  return change;
}
