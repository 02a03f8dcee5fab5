import { SluiceError } from '@sluice/domain/error';
import type { ConfigField } from '@sluice/domain/field';
import type { Configuration } from '../../kit/source.ts';

export interface ExampleSettings {
  readonly url: URL;
  readonly token: string;
}

export const exampleFields: readonly ConfigField[] = [
  {
    name: 'url',
    label: 'Address',
    kind: 'text',
    help: 'Address of the SQL interface.',
    placeholder: 'https://sql.example.com',
    secret: false,
    required: true,
    // Another address must not be sent the token that is stored.
    guardsSecrets: true,
    namesPlace: true,
  },
  {
    name: 'token',
    label: 'Access token',
    kind: 'password',
    help: 'Where it is found, and which rights it needs. Stored encrypted and never shown again.',
    secret: true,
    required: true,
  },
];

/** Throws `input_invalid` that names each wrong field. */
export function readExampleSettings(configuration: Configuration): ExampleSettings {
  const given = String(configuration.url ?? '').trim();
  const url = URL.canParse(given) ? new URL(given) : null;
  const token = String(configuration.token ?? '').trim();
  const fields: Record<string, string> = {};
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username !== '')
    fields['configuration.url'] = 'Enter a whole address without a user, such as https://sql.example.com.';
  if (token === '') fields['configuration.token'] = 'Enter the access token.';
  if (url === null || Object.keys(fields).length > 0)
    throw new SluiceError('input_invalid', 'The connection is not complete.', { fields });
  return { url, token };
}
