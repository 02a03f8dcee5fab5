import { secretSet } from '@sluice/domain/field';
import { escapeReferences, fillReferences, referencesIn, unsetIn } from '../files/environment-reference.ts';
import type { ConnectorField } from './catalogue.ts';
import type { FieldChange } from './field-change.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What differs between the configuration of a connection in a file and the one that is set. What a file leaves out is
 * as if it had never been set, except for secrets: they cannot be read, so one that is left out stays, and one for
 * which a file names a variable is taken as equal.
 */
export function compareConfiguration(
  file: Readonly<Record<string, unknown>>,
  existing: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, ConnectorField>>,
  environment: Environment,
): FieldChange[] {
  return Object.keys({ ...file, ...existing }).flatMap((name) => {
    const current = existing[name];
    if (!(name in file) && current === secretSet) return [];
    const wanted = file[name] ?? (current === secretSet ? null : fields[name]?.default);
    // What has no effect with the other settings is not kept by the server, defaults included.
    if (!(name in file) && current === undefined) return [];
    return compareField(wanted, current, ['configuration', name], environment);
  });
}

type Entry = Readonly<Record<string, unknown>>;

/** Lists with the same entries by name (headers) are compared entry by entry. */
function compareField(
  wanted: unknown,
  current: unknown,
  path: PropertyKey[],
  environment: Environment,
): FieldChange[] {
  if (!isList(wanted) || !isList(current) || namesOf(wanted) !== namesOf(current))
    return compareLeaf(wanted, current, path, environment);
  return wanted.flatMap((item, index) => {
    const now = current[index] ?? {};
    const keys = Object.keys({ ...item, ...now });
    return (
      keys
        // A box that is not ticked may be left out.
        .filter((key) => (item[key] ?? false) !== (now[key] ?? false))
        .flatMap((key) => compareLeaf(item[key], now[key], [...path, index, key], environment))
    );
  });
}

function compareLeaf(
  wanted: unknown,
  current: unknown,
  path: PropertyKey[],
  environment: Environment,
): FieldChange[] {
  const change = (before: unknown): FieldChange[] => [{ path: path.join('.'), before, after: wanted }];
  if (current === secretSet) {
    const named = typeof wanted === 'string' && referencesIn(wanted).length > 0;
    return named ? [] : change('(a secret)');
  }
  const unknown = typeof wanted === 'string' && unsetIn(wanted, environment).length > 0;
  return unknown || !sameValue(wanted, current, environment) ? change(shown(current)) : [];
}

/** As the server would read it: text without space around it, numbers also from text, nothing the same as empty. */
function sameValue(wanted: unknown, current: unknown, environment: Environment): boolean {
  if (isList(wanted) || isList(current))
    return JSON.stringify(wanted ?? []) === JSON.stringify(current ?? []);
  const text = (value: unknown) =>
    value === undefined || value === null
      ? ''
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value).trim();
  return (
    (typeof wanted === 'string' ? fillReferences(wanted, environment).trim() : text(wanted)) === text(current)
  );
}

/** A value that is set, as a file would say it. */
const shown = (value: unknown): unknown => (typeof value === 'string' ? escapeReferences(value) : value);

const isList = (value: unknown): value is Entry[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null);

const namesOf = (list: readonly Entry[]): string =>
  list.map(({ name }) => String(name).toLowerCase()).join('\n');
