import { CreateConnection } from '@sluice/domain/connection';
import { CreateModel } from '@sluice/domain/model';
import { ModelQuery } from '@sluice/domain/query';
import { CreateSequence, SequenceStepInput } from '@sluice/domain/sequence';
import { Slug } from '@sluice/domain/slug';
import { CreateSync } from '@sluice/domain/sync';
import { z } from 'zod';
import type { Kind } from '../kind.ts';

const ConnectionFile = CreateConnection.omit({ slug: true });
const DbtQueryFile = z.strictObject({
  queryType: z.literal('dbt'),
  project: Slug,
  uniqueId: z.string().min(1).max(500),
});
/** As the domain has it, with the slug of a dbt project instead of its id. */
export const QueryFile = z.discriminatedUnion('queryType', [...ModelQuery.options, DbtQueryFile]);
const ModelFile = CreateModel.omit({ slug: true, sourceId: true, skipColumnQuery: true }).extend({
  source: Slug,
  query: QueryFile,
});
const SyncFile = CreateSync.omit({ slug: true, modelId: true, destinationId: true }).extend({
  model: Slug,
  destination: Slug,
});
const step = SequenceStepInput.omit({ syncId: true }).extend({ sync: Slug });
const SequenceFile = CreateSequence.omit({ slug: true, steps: true }).extend({
  steps: z.array(step).min(1, 'Add at least one step.').max(100, 'A sequence has at most 100 steps.'),
});

/**
 * What a file of each kind holds: what the domain wants for creating one, without the slug (which is the name of the
 * file) and with slugs instead of ids.
 */
export const definitionSchemas = {
  sources: ConnectionFile,
  destinations: ConnectionFile,
  models: ModelFile,
  syncs: SyncFile,
  sequences: SequenceFile,
} as const satisfies Record<Kind, z.ZodType>;

export interface Definitions {
  sources: z.infer<typeof ConnectionFile>;
  destinations: z.infer<typeof ConnectionFile>;
  models: z.infer<typeof ModelFile>;
  syncs: z.infer<typeof SyncFile>;
  sequences: z.infer<typeof SequenceFile>;
}
export type Definition<K extends Kind = Kind> = Definitions[K];
