import { createPrivateKey } from 'node:crypto';
import { SluiceError } from '@sluice/domain/error';
import { z } from 'zod';
import type { Configuration } from '../../kit/source.ts';
import { readLabels } from './labels.ts';

/** How to reach BigQuery, who pays, and where the data is. */
export interface BigQuerySettings {
  /** Where queries run and are billed. */
  readonly project: string;
  /** Whose datasets are listed. */
  readonly dataProject: string;
  /** `null`: BigQuery finds it by the tables that a query names. */
  readonly location: string | null;
  readonly credentials:
    | { readonly kind: 'service_account'; readonly key: ServiceAccountKey }
    | { readonly kind: 'oauth' };
  /** A query that would bill more fails without being billed; `null` = no limit of ours. */
  readonly bytesBilledMax: bigint | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly url: URL;
}

/** The JSON file that Google gives for a service account, as far as it is used. */
export interface ServiceAccountKey {
  readonly email: string;
  readonly privateKey: string;
  readonly keyId: string | null;
  /** Where the signed assertion is exchanged for a token. */
  readonly tokenUrl: URL;
}

const publicUrl = 'https://bigquery.googleapis.com';
const gigabyte = 1_000_000_000;

/** Reads a connection from its fields. Throws `input_invalid` that names each wrong field. */
export function readBigQuerySettings(configuration: Configuration): BigQuerySettings {
  const fields: Record<string, string> = {};
  const wrong = (name: string, message: string): null => {
    fields[`configuration.${name}`] = message;
    return null;
  };
  const text = (name: string): string => {
    const value = configuration[name];
    return typeof value === 'string' ? value.trim() : '';
  };
  const project = text('project');
  // https://cloud.google.com/resource-manager/docs/creating-managing-projects (read 2026-11-22)
  if (!projectId.test(project)) wrong('project', 'Enter the ID of a project, such as acme-analytics.');
  const dataProject = text('dataProject') || project;
  if (!projectId.test(dataProject)) wrong('dataProject', 'Enter the ID of a project, such as acme-data.');
  const location = text('location') || null;
  if (location !== null && !/^[a-z0-9-]+$/i.test(location))
    wrong('location', 'Enter a region such as EU or europe-west1.');
  const address = text('apiUrl') || publicUrl;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== 'https:' || url.pathname !== '/' || url.search !== '' || url.username !== '')
    wrong('apiUrl', 'Enter a whole https:// address without a path.');
  const labels = readLabels(text('labels'));
  if (labels === null)
    wrong('labels', 'Write labels as team=data, env=prod: small letters, digits, - and _.');
  const bytesBilledMax = bytesOf(configuration.bytesBilledMax);
  if (bytesBilledMax === undefined)
    wrong('bytesBilledMax', 'Enter gigabytes greater than 0, or nothing for no limit.');
  const credentials = readCredentials(text, wrong);
  if (Object.keys(fields).length > 0 || !url || !credentials || !labels || bytesBilledMax === undefined)
    throw new SluiceError('input_invalid', 'The connection is not complete.', { fields });
  return { project, dataProject, location, credentials, bytesBilledMax, labels, url };
}

/** Projects of a domain have its name before a colon. */
const projectId = /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/;

/** `undefined` for what is no size. */
function bytesOf(gigabytes: unknown): bigint | null | undefined {
  if (gigabytes === undefined || gigabytes === null || gigabytes === '') return null;
  const number = Number(gigabytes);
  if (!Number.isFinite(number) || number <= 0 || number > 1e9) return undefined;
  return BigInt(Math.ceil(number * gigabyte));
}

function readCredentials(
  text: (name: string) => string,
  wrong: (name: string, message: string) => null,
): BigQuerySettings['credentials'] | null {
  const kind = text('authentication') || 'service_account';
  if (kind === 'oauth') return { kind };
  if (kind !== 'service_account') return wrong('authentication', 'Choose service_account or oauth.');
  const key = readKey(text('serviceAccountKey'));
  return key
    ? { kind, key }
    : wrong(
        'serviceAccountKey',
        'Paste the whole JSON file of a key that was made for a service account in the Google Cloud console.',
      );
}

const KeyFile = z.object({
  client_email: z.string().min(3),
  private_key: z.string().min(1),
  private_key_id: z.string().optional(),
  token_uri: z.url({ protocol: /^https$/ }).default('https://oauth2.googleapis.com/token'),
});

function readKey(text: string): ServiceAccountKey | null {
  try {
    const file = KeyFile.parse(JSON.parse(text));
    if (createPrivateKey(file.private_key).asymmetricKeyType !== 'rsa') return null;
    return {
      email: file.client_email,
      privateKey: file.private_key,
      keyId: file.private_key_id ?? null,
      tokenUrl: new URL(file.token_uri),
    };
  } catch {
    return null;
  }
}
