import { isDeepStrictEqual } from 'node:util';
import { secretSet } from '@sluice/domain/field';
import { SyncConfiguration } from '@sluice/domain/sync';
import { stringify } from 'yaml';
import type { Kind } from '../kind.ts';
import type { Definition, Definitions } from './definition.ts';
import { escapeReferences } from './environment-reference.ts';

/** The text of a file for a definition: what is as it would be without being said is left out. */
export function writeYaml<K extends Kind>(kind: K, definition: Definition<K>): string {
  const fields = (Object.entries(definition) as [string, unknown][]).flatMap(([name, value]) =>
    isDefault(name, value) ? [] : [[name, value] as const],
  );
  const shown = Object.fromEntries(fields);
  if (kind === 'syncs')
    shown.configuration = withoutDefaults((definition as Definitions['syncs']).configuration);
  if (kind === 'sequences') shown.steps = (definition as Definitions['sequences']).steps.map(shortStep);
  return stringify(shown, { lineWidth: 0, aliasDuplicateObjects: false });
}

/**
 * The configuration of a connection as a file may hold it: each secret as the variable that `known` has for its path,
 * or else one named after the resource: `${SOURCE_WAREHOUSE_PASSWORD}`.
 */
export function withReferences(
  resource: { noun: string; slug: string },
  configuration: Readonly<Record<string, unknown>>,
  known: ReadonlyMap<string, string>,
): { configuration: Record<string, unknown>; variables: string[] } {
  const variables: string[] = [];
  const reference = (path: string): string => {
    const name = `${resource.noun}_${resource.slug}_${path}`.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
    const text = known.get(path) ?? `\${${name}}`;
    variables.push(text);
    return text;
  };
  const replace = (value: unknown, path: string): unknown => {
    if (value === secretSet) return reference(path);
    if (typeof value === 'string') return known.get(path) ?? escapeReferences(value);
    if (Array.isArray(value))
      return value.map((item, index) => replace(item, `${path}.${labelOf(item, index)}`));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        // The value of a header is named after the header alone.
        const below = key === 'value' && 'name' in value ? path : `${path}.${key}`;
        return [key, replace(item, below)];
      }),
    );
  };
  const written = Object.entries(configuration).map(([name, value]) => [name, replace(value, name)]);
  return { configuration: Object.fromEntries(written), variables };
}

/** What an entry of a list is called in a path: a header by its name. */
export const labelOf = (item: unknown, index: number): string =>
  typeof item === 'object' && item !== null && 'name' in item
    ? String(item.name).toLowerCase()
    : String(index);

const emptyFields: Readonly<Record<string, unknown>> = {
  description: '',
  tags: {},
  schedule: null,
  disabled: false,
};

const isDefault = (name: string, value: unknown): boolean =>
  Object.hasOwn(emptyFields, name) && isDeepStrictEqual(emptyFields[name], value);

/** The policy that most steps have is not said. */
const shortStep = ({ sync, policy }: Definitions['sequences']['steps'][number]) =>
  policy.type === 'stop_on_fatal' ? { sync } : { sync, policy };

function withoutDefaults(configuration: SyncConfiguration): Record<string, unknown> {
  const { object, mode } = configuration;
  const defaults: Record<string, unknown> = SyncConfiguration.parse({ object, mode });
  const said = Object.entries(configuration).filter(
    ([name, value]) => ['object', 'mode'].includes(name) || !isDeepStrictEqual(value, defaults[name]),
  );
  const mappings = configuration.mappings.map(({ nulls, ...mapping }) =>
    nulls === 'send' ? mapping : { ...mapping, nulls },
  );
  return { ...Object.fromEntries(said), ...(mappings.length > 0 && { mappings }) };
}
