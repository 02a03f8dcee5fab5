import { inTurns, type LoneCase, type Measured } from '../bench-case.ts';
import type { ServerLoad } from '../destinations/servers/server-load.ts';
import { serverLoads } from '../destinations/servers/server-loads.ts';
import { runProgram } from '../program.ts';

/** Rows into a server, against a bare loop over the same client. Afterwards the server must hold the same of both. */
const into = (name: string, load: ServerLoad, byProcessor: boolean): LoneCase => ({
  name: `${byProcessor ? 'destination' : 'vendor'}-${name}`,
  title: byProcessor
    ? `${name}, ${load.batchRows.toLocaleString('en-US')} rows a batch`
    : `${name}, ${load.lanes} batches at once`,
  ratioMax: 1 / 0.9,
  ...(byProcessor && { byProcessor }),
  rows: load.rows,
  async measure({ repeat }) {
    const { address, clear, holds, close } = await load.open();
    let held: string | null = null;
    const by = (who: 'hand' | 'product') => async (): Promise<Measured> => {
      await clear();
      const lanes = byProcessor ? 1 : load.lanes;
      const measured = await runProgram('deliver-to-server.ts', { load: name, by: who, address, lanes });
      const now = await holds();
      held ??= now;
      if (now !== held) throw new Error(`${name}: the server does not hold the same: ${held} and ${now}`);
      return measured;
    };
    try {
      return await inTurns(repeat, by('hand'), by('product'));
    } finally {
      await close();
    }
  },
});

/** By the processor time of the process that sends, and by the clock with as many batches at once as the destination has. */
export const destinationServers: readonly LoneCase[] = [true, false].flatMap((byProcessor) =>
  Object.entries(serverLoads).map(([name, load]) => into(name, load, byProcessor)),
);
