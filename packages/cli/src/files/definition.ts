import { CreateConnection } from '@sluice/domain/connection';
import { CreateModel } from '@sluice/domain/model';
import { Slug } from '@sluice/domain/slug';
import { CreateSync } from '@sluice/domain/sync';
import type { z } from 'zod';
import type { Kind } from '../kind.ts';

const ConnectionFile = CreateConnection.omit({ slug: true });
const ModelFile = CreateModel.omit({ slug: true, sourceId: true, skipColumnQuery: true }).extend({
  source: Slug,
});
const SyncFile = CreateSync.omit({ slug: true, modelId: true, destinationId: true }).extend({
  model: Slug,
  destination: Slug,
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
} as const satisfies Record<Kind, z.ZodType>;

export interface Definitions {
  sources: z.infer<typeof ConnectionFile>;
  destinations: z.infer<typeof ConnectionFile>;
  models: z.infer<typeof ModelFile>;
  syncs: z.infer<typeof SyncFile>;
}
export type Definition<K extends Kind = Kind> = Definitions[K];
