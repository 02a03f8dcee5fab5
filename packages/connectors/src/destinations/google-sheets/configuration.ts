import { createPrivateKey } from 'node:crypto';
import { SluiceError } from '@sluice/domain/error';
import { z } from 'zod';
import { readBaseUrl } from '../../kit/http/base-url.ts';
import { readText } from '../../kit/http/read-text.ts';
import type { Configuration } from '../../kit/source.ts';

export const presetUrl = 'https://sheets.googleapis.com';
/** The list of files is another API, at another address. */
const driveUrl = 'https://www.googleapis.com';

export interface SheetsConfiguration {
  readonly access:
    | { readonly kind: 'oauth' }
    | { readonly kind: 'key'; readonly email: string; readonly privateKey: string; readonly tokenUrl: URL };
  /** The only spreadsheet that is offered; `null` = those that the account sees. */
  readonly spreadsheetId: string | null;
  readonly baseUrl: URL;
  readonly driveUrl: URL;
}

const KeyFile = z.object({
  client_email: z.string().min(3),
  private_key: z.string().min(1),
  token_uri: z.string().default('https://oauth2.googleapis.com/token'),
});

/** Reads the fields of a destination; throws `input_invalid` with the field that is wrong. */
export function readConfiguration(configuration: Configuration): SheetsConfiguration {
  const baseUrl = readBaseUrl(configuration, presetUrl);
  return {
    access: configuration.access === 'oauth' ? { kind: 'oauth' } : readKeyFile(configuration),
    spreadsheetId: readSpreadsheet(configuration),
    baseUrl,
    driveUrl: baseUrl.href.startsWith(presetUrl) ? new URL(driveUrl) : baseUrl,
  };
}

function readKeyFile(configuration: Configuration): SheetsConfiguration['access'] {
  const text = readText(configuration, 'serviceAccountKey', 'The service account key');
  try {
    const file = KeyFile.parse(JSON.parse(text));
    if (createPrivateKey(file.private_key).asymmetricKeyType !== 'rsa') throw new Error('no RSA key');
    return {
      kind: 'key',
      email: file.client_email,
      privateKey: file.private_key,
      tokenUrl: readBaseUrl({ baseUrl: file.token_uri }, file.token_uri),
    };
  } catch {
    // What was thrown may quote the key.
    throw invalid(
      'serviceAccountKey',
      'Paste the whole JSON file of a key that was made for a service account in the Google Cloud console.',
    );
  }
}

/** An address such as https://docs.google.com/spreadsheets/d/1AbC…/edit, or the ID in it. */
function readSpreadsheet({ spreadsheet }: Configuration): string | null {
  const text = typeof spreadsheet === 'string' ? spreadsheet.trim() : '';
  if (text === '') return null;
  const [, id = text] = /\/spreadsheets\/d\/([\w-]+)/.exec(text) ?? [];
  if (/^[\w-]{10,}$/.test(id)) return id;
  throw invalid('spreadsheet', 'Paste the address of a spreadsheet, or the ID in it.');
}

const invalid = (field: string, message: string): SluiceError =>
  new SluiceError('input_invalid', message, { fields: { [`configuration.${field}`]: message } });
