import { SluiceError } from '@sluice/domain/error';
import type { Configuration } from '../../kit/source.ts';

/** How to reach and enter a Databricks workspace. */
export interface DatabricksSettings {
  readonly url: URL;
  readonly warehouse: string;
  readonly credentials:
    | { readonly kind: 'service_principal'; readonly clientId: string; readonly clientSecret: string }
    | { readonly kind: 'token'; readonly token: string };
  readonly catalog: string;
  readonly schema: string | null;
}

/** Reads a workspace from its fields. Throws `input_invalid` that names each wrong field. */
export function readDatabricksSettings(configuration: Configuration): DatabricksSettings {
  const fields: Record<string, string> = {};
  const text = (name: string): string => {
    const value = configuration[name];
    return typeof value === 'string' ? value.trim() : '';
  };
  const needed = (name: string, message: string): string => {
    const value = text(name);
    if (value === '') fields[`configuration.${name}`] = message;
    return value;
  };
  const url = urlOf(text('workspaceUrl'));
  if (!url) fields['configuration.workspaceUrl'] = 'Enter a whole https:// address.';
  // https://docs.databricks.com/aws/en/integrations/compute-details (read 2026-11-22)
  const warehouse = /^(?:\/?sql\/1\.0\/(?:warehouses|endpoints)\/)?([a-z0-9]+)$/i.exec(
    text('warehouse'),
  )?.[1];
  if (!warehouse) fields['configuration.warehouse'] = 'Enter the ID of a SQL warehouse, or its HTTP path.';
  const catalog = needed('catalog', 'Enter the catalog to read.');
  const credentials = readCredentials(text, needed);
  if (!credentials) fields['configuration.authentication'] = 'Choose service_principal or token.';
  if (Object.keys(fields).length > 0 || !url || !warehouse || !credentials)
    throw new SluiceError('input_invalid', 'The connection is not complete.', { fields });
  return { url, warehouse, credentials, catalog, schema: text('schema') || null };
}

function urlOf(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  // As the browser shows it: with whatever page of the workspace is open.
  return url?.protocol === 'https:' && url.username === '' && url.password === ''
    ? new URL(url.origin)
    : null;
}

function readCredentials(
  text: (name: string) => string,
  needed: (name: string, message: string) => string,
): DatabricksSettings['credentials'] | null {
  const kind = text('authentication') || 'service_principal';
  if (kind === 'token') return { kind, token: needed('token', 'Enter the access token.') };
  if (kind !== 'service_principal') return null;
  return {
    kind,
    clientId: needed('clientId', 'Enter the application ID of the service principal.'),
    clientSecret: needed('clientSecret', 'Enter the OAuth secret.'),
  };
}
