import { SluiceError } from '@sluice/domain/error';
import { secretSet } from '@sluice/domain/field';
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
  const problems: Record<string, string> = {};
  for (const name of Object.keys(input)) {
    if (!fields.some((field) => field.name === name))
      problems[`configuration.${name}`] = `${connector.name} has no field "${name}".`;
  }

  const merged: Record<string, unknown> = { ...saved.shown, ...input };
  const shown: Record<string, unknown> = {};
  const secrets: ConnectionSecrets = {};
  /** Path of each secret that would stay as it was. */
  const kept: string[] = [];

  for (const field of fields) {
    if (!fieldVisible(field, fields, merged)) continue;
    const path = `configuration.${field.name}`;
    const given = merged[field.name];

    if (field.kind === 'headers') {
      const before = secretsOf(saved.secrets[field.name]);
      const headers = readHeaders(field, given, before);
      for (const [below, problem] of Object.entries(headers.problems))
        problems[below ? `${path}.${below}` : path] = problem;
      if (field.required && headers.shown.length === 0) problems[path] ??= `${field.label} is required.`;
      shown[field.name] = headers.shown;
      if (Object.keys(headers.secrets).length > 0) secrets[field.name] = headers.secrets;
      headers.shown.forEach(({ name }, index) => {
        if (headers.kept.includes(name.toLowerCase())) kept.push(`${path}.${index}.value`);
      });
      continue;
    }

    if (field.secret && given === secretSet) {
      const before = saved.secrets[field.name];
      if (typeof before === 'string') {
        secrets[field.name] = before;
        shown[field.name] = secretSet;
        kept.push(path);
      } else problems[path] = `Write the ${field.label.toLowerCase()}.`;
      continue;
    }

    const reading = readField(field, given);
    if ('problem' in reading) {
      problems[path] = reading.problem;
      continue;
    }
    const value = reading.value ?? field.default;
    if (value === undefined) {
      if (field.required) problems[path] = `${field.label} is required.`;
    } else if (field.secret) {
      secrets[field.name] = String(value);
      shown[field.name] = secretSet;
    } else shown[field.name] = value;
  }

  const moved = fields.filter(
    ({ name, guardsSecrets, default: preset }) =>
      guardsSecrets && (saved.shown[name] ?? preset) !== (shown[name] ?? preset),
  );
  if (moved.length > 0 && kept.length > 0) {
    const names = moved.map(({ label }) => label).join(' and ');
    for (const path of kept)
      problems[path] ??=
        `${names} changed: write this secret again, so that it cannot be sent to a place it was not meant for.`;
  }

  const first = Object.values(problems)[0];
  if (first !== undefined) {
    throw new SluiceError('input_invalid', first, { fields: problems });
  }
  connector.assertConfiguration?.(fillSecrets(fields, shown, secrets));
  return { shown, secrets };
}

const secretsOf = (value: string | Record<string, string> | undefined): Record<string, string> =>
  typeof value === 'object' ? value : {};
