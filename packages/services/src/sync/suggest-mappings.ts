import { type Actor, authorise } from '@sluice/domain/actor';
import type { Column } from '@sluice/domain/column';
import type { MappingSuggestion } from '@sluice/domain/sync';
import type { ServiceContext } from '../context.ts';
import { getObject } from '../destination/get-object.ts';
import { getModel } from '../model/get-model.ts';
import { matchNames } from './match-names.ts';

/**
 * Mappings that names and types suggest, for people to accept or not. None for fields that cannot be written, and
 * none for objects that render templates. Throws `not_found` and what the destination throws.
 */
export async function suggestMappings(
  ctx: ServiceContext,
  actor: Actor,
  input: { modelId: number; destinationId: number; object: string },
  options: { signal: AbortSignal },
): Promise<MappingSuggestion[]> {
  authorise(actor, 'sync.write');
  const model = await getModel(ctx, actor, { id: input.modelId });
  const object = await getObject(ctx, actor, { id: input.destinationId, object: input.object }, options);
  if (object.mapping === 'template') return [];
  const columns: readonly Column[] = model.columns;
  const fields = object.fields.filter(({ readOnly }) => !readOnly);
  return matchNames(columns, fields, [model.name, object.label, object.id]);
}
