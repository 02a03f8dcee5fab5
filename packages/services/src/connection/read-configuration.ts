import { SluiceError } from '@sluice/domain/error';
import { type ConfigField, secretSet } from '@sluice/domain/field';
import type { ConnectorFields } from './connection-kind.ts';
import { type ConnectionSecrets, fillSecrets } from './connection-secrets.ts';
import { fieldVisible } from './field-visible.ts';
import { readField } from './read-field.ts';
import { readHeaders } from './read-headers.ts';

/** A connection's configuration, taken apart for storage. */
export interface ReadConfiguration {
  /** As stored and shown: a secret that is set reads as `secretSet`. */
  readonly shown: Record<string, unknown>;
  readonly secrets: ConnectionSecrets;
}

/**
 * Validates values against a connector's fields and splits secrets from the rest. Over a saved configuration, fields
 * that are left out keep their value, and so does a secret that arrives as `secretSet`; but once a field that guards
 * the secrets (a host) changes, they have to be written again. Throws `input_invalid` with `configuration.…` paths.
 */
export function readConfiguration(
  connector: Omit<ConnectorFields, 'slug'>,
  input: Readonly<Record<string, unknown>>,
  saved: ReadConfiguration = { shown: {}, secrets: {} },
): ReadConfiguration {
  const { fields } = connector;
  const reading: Reading = { shown: {}, secrets: {}, kept: [], problems: {} };
  for (const name of Object.keys(input)) {
    if (!fields.some((field) => field.name === name))
      reading.problems[`configuration.${name}`] = `${connector.name} has no field "${name}".`;
  }
  const values: Record<string, unknown> = { ...saved.shown, ...input };
  for (const field of fields) {
    if (!fieldVisible(field, fields, values)) continue;
    const read = field.kind === 'headers' ? addHeaders : addField;
    read(field, values[field.name], saved.secrets[field.name], reading);
  }
  reading.kept.push(...keptGrants(fields, saved.shown, reading.shown));
  guardKeptSecrets(fields, saved.shown, reading);

  const { shown, secrets, problems } = reading;
  const [first] = Object.values(problems);
  if (first !== undefined) throw new SluiceError('input_invalid', first, { fields: problems });
  connector.assertConfiguration?.(fillSecrets(fields, shown, secrets));
  return { shown, secrets };
}

interface Reading {
  readonly shown: Record<string, unknown>;
  readonly secrets: ConnectionSecrets;
  /** Paths of the secrets that would stay as they were. */
  readonly kept: string[];
  /** Path → message. */
  readonly problems: Record<string, string>;
}

type SavedSecret = ConnectionSecrets[string] | undefined;

function addHeaders(field: ConfigField, given: unknown, saved: SavedSecret, reading: Reading): void {
  const path = `configuration.${field.name}`;
  const headers = readHeaders(field, given, typeof saved === 'object' ? saved : {});
  for (const [below, problem] of Object.entries(headers.problems))
    reading.problems[below ? `${path}.${below}` : path] = problem;
  if (field.required && headers.shown.length === 0) reading.problems[path] ??= `${field.label} is required.`;
  reading.shown[field.name] = headers.shown;
  if (Object.keys(headers.secrets).length > 0) reading.secrets[field.name] = headers.secrets;
  headers.shown.forEach(({ name }, index) => {
    if (headers.kept.includes(name.toLowerCase())) reading.kept.push(`${path}.${index}.value`);
  });
}

function addField(field: ConfigField, given: unknown, saved: SavedSecret, reading: Reading): void {
  const path = `configuration.${field.name}`;
  if (field.secret && given === secretSet) {
    if (typeof saved !== 'string') {
      reading.problems[path] = `Write the ${field.label.toLowerCase()}.`;
      return;
    }
    reading.secrets[field.name] = saved;
    reading.shown[field.name] = secretSet;
    reading.kept.push(path);
    return;
  }
  const read = readField(field, given);
  if ('problem' in read) {
    reading.problems[path] = read.problem;
    return;
  }
  const value = read.value ?? field.default;
  if (value === undefined) {
    if (field.required) reading.problems[path] = `${field.label} is required.`;
  } else if (field.secret) {
    reading.secrets[field.name] = String(value);
    reading.shown[field.name] = secretSet;
  } else reading.shown[field.name] = value;
}

/** A grant that stays is a secret that stays: it must not travel to another host either. */
function keptGrants(
  fields: readonly ConfigField[],
  before: Readonly<Record<string, unknown>>,
  shown: Readonly<Record<string, unknown>>,
): string[] {
  return fields
    .filter(({ name, kind }) => kind === 'grant' && shown[name] !== undefined && before[name] === shown[name])
    .map(({ name }) => `configuration.${name}`);
}

/** Whoever may edit a connection must not be able to have its secrets sent to a server of their own. */
function guardKeptSecrets(
  fields: readonly ConfigField[],
  before: Readonly<Record<string, unknown>>,
  { shown, kept, problems }: Reading,
): void {
  const moved = fields.filter(
    ({ name, guardsSecrets, default: preset }) =>
      guardsSecrets && (before[name] ?? preset) !== (shown[name] ?? preset),
  );
  if (moved.length === 0) return;
  const labels = moved.map(({ label }) => label).join(' and ');
  for (const path of kept)
    problems[path] ??=
      `${labels} changed: write this secret again, so that it cannot be sent to a place it was not meant for.`;
}
