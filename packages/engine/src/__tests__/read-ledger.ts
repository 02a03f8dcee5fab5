import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuck } from '../duck.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import { columnList } from '../sql.ts';
import type { Cells, World } from './world.ts';

export interface LedgerRow {
  key: string;
  doubt: string;
  values: Cells;
}

/** What the ledger of a world says, by key. */
export async function readLedger(world: World): Promise<LedgerRow[]> {
  const workDirectory = await mkdtemp(join(tmpdir(), 'sluice-ledger-'));
  const duck = await openDuck({ workDirectory, memoryLimitMb: 128, threads: 1 });
  const ledger = await openLedger(duck, world.blobs(), world.ledgerKey);
  try {
    const rows = await duck.rows(
      `SELECT key, doubt ${columnList(ledger.kept.length, (index) => `k${index}`)} FROM ${ledger.relation} ORDER BY key`,
    );
    return rows.map(([key, doubt, ...cells]) => ({
      key: String(key),
      doubt: String(doubt),
      values: Object.fromEntries(
        ledger.kept.map(({ name }, index) => [name, (cells[index] ?? null) as string | null]),
      ),
    }));
  } finally {
    await ledger.release();
    duck.close();
    await rm(workDirectory, { recursive: true, force: true });
  }
}
