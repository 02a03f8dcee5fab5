import { join } from 'node:path';
import type { ChangeClass } from '@sluice/domain/change';
import type { Column } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import type { TestRowResult } from '@sluice/domain/sync';
import { sendBatch } from '../deliver/send-batch.ts';
import { recordShipment } from '../deliver/shipment.ts';
import { openDuck } from '../duck.ts';
import { mappedRow } from '../map/map-row.ts';
import { compileMappings } from '../map/mapping.ts';
import { runVariables } from '../map/run-variables.ts';
import { findSpooledRow } from '../plan/spool-file.ts';
import type { DraftSpecification, EnginePorts } from '../run.ts';
import { previewChange } from './preview-change.ts';

/**
 * Really sends one row, found by its key (the first row without one), and answers what became of it. The ledger does
 * not move. Throws `not_found` if no row has the key, and the destination's error if it refuses to work at all.
 */
export async function testRow(
  spec: DraftSpecification,
  ports: EnginePorts,
  options: {
    readonly key?: string | null;
    readonly class: ChangeClass;
    /** Column → canonical text, over the values of the row. */
    readonly overrides?: Readonly<Record<string, string | null>>;
  },
): Promise<TestRowResult> {
  const map = compileMappings(spec.configuration, runVariables(spec));
  const found = await findRow(spec, ports, options.key ?? null);
  const cells = found.columns.map(({ name }, index) => {
    const override =
      options.overrides && Object.hasOwn(options.overrides, name) ? options.overrides[name] : undefined;
    return override === undefined ? (found.cells[index] ?? null) : override;
  });
  const { change } = previewChange(found.columns, cells, {
    seq: 1,
    primaryKey: spec.model.primaryKey,
    class: options.class,
  });
  const result = map(change);
  const mapped = mappedRow(spec.configuration, change, result);
  if ('rejected' in result) return { outcome: 'rejected', ...result.rejected, mapped, exchanges: [] };
  const writer = await ports.destination.writer(spec.configuration, runVariables(spec));
  const gate = ports.limiter.open(writer.limits);
  try {
    const sent = await sendBatch(recordShipment([result.record]), `sluice-test-${crypto.randomUUID()}`, {
      writer,
      gate,
      // A person is waiting: what the destination says the first time is the answer.
      retry: { attemptsMax: 1, baseMs: 0 },
      stop: ports.signal,
      cut: ports.signal,
      onRetry: () => undefined,
    });
    const [answer] = sent.results;
    if (!answer) throw sent.failure ?? new SluiceError('internal', 'The row was not sent.');
    const told =
      answer.status === 'delivered'
        ? { code: null, message: null }
        : { code: answer.code, message: answer.message };
    return { outcome: answer.status, ...told, mapped, exchanges: [...sent.exchanges] };
  } finally {
    gate.close();
    await writer.close();
  }
}

/** So many rows are looked through before the whole model is read. */
const previewMax = 100;

async function findRow(
  spec: DraftSpecification,
  ports: EnginePorts,
  key: string | null,
): Promise<{ columns: Column[]; cells: (string | null)[] }> {
  const preview = await ports.source.preview(spec.model.query, { limit: previewMax });
  const position = preview.columns.findIndex(({ name }) => name === spec.model.primaryKey);
  if (position < 0) {
    throw new SluiceError(
      'model_primary_key_missing',
      `The result has no column "${spec.model.primaryKey}", which is the primary key of the model.`,
    );
  }
  const cells = preview.rows.find((row) => (key === null ? row[position] !== null : row[position] === key));
  // Previews cut long cells, so a row with one is read again as it is.
  const whole = cells?.every((cell) => cell === null || cell.length < cellCutAt);
  if (cells && whole) return { columns: preview.columns, cells };
  const wanted = key ?? cells?.[position] ?? null;
  if (wanted === null) throw new SluiceError('not_found', 'The model has no row to test with.');
  const path = join(ports.workDirectory, 'spool.csv');
  const spool = await ports.source.spool(spec.model.query, path, () => undefined);
  const duck = await openDuck({ workDirectory: ports.workDirectory, ...ports.duckdb, signal: ports.signal });
  try {
    await duck.widen();
    const row = await findSpooledRow(duck, { ...spool, path }, position, wanted);
    if (row) return { columns: spool.columns, cells: row };
    throw new SluiceError('not_found', 'The model has no row with this primary key.');
  } finally {
    duck.close();
  }
}

const cellCutAt = 2_000;
