import { SluiceError } from '@sluice/domain/error';
import { Slug } from '@sluice/domain/slug';
import type { z } from 'zod';
import { type Kind, nounOf, pathOf } from '../kind.ts';
import type { ApiClient } from './api-client.ts';
import { ApiConnection, ApiModel, ApiSequence, ApiSync } from './resources.ts';

/** The form of each kind's resources. */
export const apiSchemas = {
  sources: ApiConnection,
  destinations: ApiConnection,
  models: ApiModel,
  syncs: ApiSync,
  sequences: ApiSequence,
} as const;
export type ApiResource<K extends Kind> = z.infer<(typeof apiSchemas)[K]>;

/**
 * The resource with this slug, or else with this id. Throws `not_found`, and `input_invalid` for what can be neither.
 */
export async function getResource<K extends Kind>(
  api: ApiClient,
  kind: K,
  reference: string,
): Promise<ApiResource<K>> {
  if (!Slug.safeParse(reference).success) {
    throw new SluiceError('input_invalid', `"${reference}" is neither a slug nor an id.`, {
      fix: `\`sluice list ${kind}\` shows both.`,
    });
  }
  const schema: z.ZodType<ApiResource<K>> = apiSchemas[kind] as never;
  const [bySlug] = await api.list(schema, pathOf(kind), { query: { slug: reference }, most: 1 });
  if (bySlug) return bySlug;
  if ((kind === 'sequences' ? uuid : integer).test(reference)) {
    const byId = await api.send(schema, `${pathOf(kind)}/${reference}`).catch((err: unknown) => {
      if (err instanceof SluiceError && ['not_found', 'input_invalid'].includes(err.code)) return null;
      throw err;
    });
    if (byId) return byId;
  }
  throw new SluiceError('not_found', `There is no ${nounOf(kind)} "${reference}" in this workspace.`, {
    fix: `\`sluice list ${kind}\` shows which there are.`,
  });
}

const integer = /^\d{1,10}$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
