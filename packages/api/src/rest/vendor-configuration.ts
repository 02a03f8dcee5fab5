import { isDeepStrictEqual } from 'node:util';
import type { Mapping } from '@sluice/domain/mapping';
import { SyncConfiguration } from '@sluice/domain/sync';

type Parts = Readonly<Record<string, unknown>>;

/**
 * Parts of a sync's configuration in Sluice's words, from the words that existing clients of the contract use:
 * `type: standard` for a column, `externalIdMapping` for the match key, `sync-run-id` and `context['sync_id']` for facts
 * about the run. What is in Sluice's words already stays; what nobody knows stays too, for the schema to refuse.
 * https://hightouch.com/docs/developer-tools/api-reference (November 2026)
 */
export function fromVendorForm(given: Parts): Record<string, unknown> {
  const { externalIdMapping, objectId, associationMappings, ...parts } = given;
  return {
    ...parts,
    ...(Array.isArray(parts.mappings) && { mappings: parts.mappings.map(fromVendorMapping) }),
    ...(externalIdMapping !== undefined && { matchKey: fromVendorKey(externalIdMapping) }),
    // The object is known by its name here, and lookups of other records do not exist.
    ...(objectId !== undefined && typeof objectId !== 'string' && { objectId }),
    ...(associationMappings !== undefined && !isEmptyList(associationMappings) && { associationMappings }),
  };
}

/** Whether something in it is only known to the vendor's clients. */
export const isVendorForm = (given: Parts): boolean =>
  !isDeepStrictEqual(fromVendorForm(given), { ...given });

/** Whether both say the same, defaults included. */
export function sameMeaning(given: Parts, configuration: SyncConfiguration): boolean {
  const parsed = SyncConfiguration.safeParse(fromVendorForm(given));
  return parsed.success && isDeepStrictEqual(parsed.data, SyncConfiguration.parse(configuration));
}

/** A whole configuration in the vendor's words, where it has any. */
export function toVendorForm(configuration: SyncConfiguration): Record<string, unknown> {
  const { matchKey, mappings, ...parts } = configuration;
  return {
    ...parts,
    mappings: mappings.map(toVendorMapping),
    externalIdMapping: matchKey && { type: 'standard', ...matchKey },
  };
}

function fromVendorMapping(mapping: unknown): unknown {
  if (!isParts(mapping)) return mapping;
  if (mapping.type === 'standard') return { ...mapping, type: 'column' };
  if (mapping.type === 'variable' && mapping.variable === 'sync-run-id')
    return { ...mapping, variable: 'run-id' };
  if (mapping.type === 'template' && typeof mapping.template === 'string')
    return { ...mapping, template: fromVendorTemplate(mapping.template) };
  return mapping;
}

function toVendorMapping(mapping: Mapping): Record<string, unknown> {
  if (mapping.type === 'column') return { ...mapping, type: 'standard' };
  if (mapping.type === 'variable' && mapping.variable === 'run-id')
    return { ...mapping, variable: 'sync-run-id' };
  return mapping;
}

/** `context['sync_run_id']` is `context.run-id` here; other facts differ by their underscores alone. */
const fromVendorTemplate = (template: string): string =>
  template.replace(
    /context\[\\?(['"])(sync_run_id|sync_id|sync_slug|model_id|model_name)\\?\1\]/g,
    (_, __, name: string) => `context.${name === 'sync_run_id' ? 'run-id' : name.replace('_', '-')}`,
  );

function fromVendorKey(key: unknown): unknown {
  if (!isParts(key) || (key.type !== undefined && key.type !== 'standard')) return key;
  const { type: _, ...matchKey } = key;
  return matchKey;
}

const isParts = (value: unknown): value is Parts =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
