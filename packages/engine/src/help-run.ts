import { deliverChunks } from './deliver/deliver-chunks.ts';
import { openWriter } from './deliver/open-writer.ts';
import { createPlaces } from './deliver/places.ts';
import { compilePayloads } from './deliver/plan-payloads.ts';
import { runLabel } from './deliver/run-label.ts';
import { openDuck } from './duck.ts';
import { compileMappings } from './map/mapping.ts';
import { runVariables } from './map/run-variables.ts';
import { describePlan } from './plan/plan-reader.ts';
import type { ChunkBoard, StoredPlan } from './ports.ts';
import type { EnginePorts, RunSpecification } from './run.ts';
import { markBoard } from './store-failure.ts';

/**
 * Delivers chunks of a run that another worker owns, as long as there are some to take. Resolves when each of them is
 * settled, failed or given back; answers how long a pause the destination asked for, 0 = none to speak of. Throws what the store, the blobs or the destination throw.
 */
export async function helpRun(
  spec: RunSpecification,
  stored: StoredPlan,
  ports: Omit<EnginePorts, 'source'> & { readonly board: ChunkBoard },
): Promise<{ readonly parkedMs: number }> {
  const trouble = { inRow: 0, parkedMs: 0 };
  const file = await ports.blobs.read(stored.blobKey);
  try {
    const duck = await openDuck({ workDirectory: ports.workDirectory, ...ports.duckdb });
    try {
      await duck.widen();
      const metadata = await describePlan(duck, file.path);
      const variables = runVariables(spec);
      const { configuration } = spec;
      const writer = await openWriter(spec, ports);
      try {
        await deliverChunks({
          ...ports,
          plan: { duck, path: file.path, metadata, size: stored.size, counts: stored.counts },
          board: markBoard(ports.board),
          writer,
          map: compileMappings(configuration, variables),
          payloads: compilePayloads(writer, { metadata, configuration, variables }),
          places: createPlaces(writer.limits.concurrency),
          trouble,
          runLabel: runLabel(spec),
        });
      } finally {
        await writer.close();
      }
    } finally {
      duck.close();
    }
  } finally {
    await file.release();
  }
  return { parkedMs: trouble.parkedMs };
}
