import { SluiceError } from '@sluice/domain/error';
import type { Configuration } from '../source.ts';

/** Where files are, read from the fields. */
export type StoredFilesSettings =
  | { readonly place: 'url'; readonly urls: readonly URL[]; readonly authorization: string | null }
  | { readonly place: 'bucket'; readonly bucket: BucketSettings }
  | { readonly place: 'directory'; readonly directory: string };

export interface BucketSettings {
  readonly name: string;
  readonly prefix: string;
  readonly region: string;
  readonly endpoint: URL | null;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Throws `input_invalid` that names the wrong field. */
export function readStoredFiles(configuration: Configuration): StoredFilesSettings {
  const text = (name: string): string => String(configuration[name] ?? '').trim();
  const place = text('place') || 'url';
  if (place === 'directory') return { place, directory: text('directory') };
  if (place === 'bucket') {
    for (const name of ['bucket', 'accessKeyId', 'secretAccessKey'])
      if (text(name) === '') throw wrong(name, 'Fill this in.');
    const endpoint = text('endpoint');
    return {
      place,
      bucket: {
        name: text('bucket'),
        prefix: text('prefix').replace(/^\/+/, ''),
        region: text('region') || 'us-east-1',
        endpoint: endpoint === '' ? null : readUrl(endpoint, 'endpoint'),
        accessKeyId: text('accessKeyId'),
        secretAccessKey: text('secretAccessKey'),
      },
    };
  }
  if (place !== 'url') throw wrong('place', 'Choose one of the places.');
  const lines = text('urls').split(/\s+/).filter(Boolean);
  if (lines.length === 0) throw wrong('urls', 'Enter at least one address.');
  return {
    place,
    urls: lines.map((line) => readUrl(line, 'urls')),
    authorization: text('authorization') || null,
  };
}

function readUrl(text: string, field: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw wrong(field, `${text.slice(0, 100)} is not an https address.`);
  if (url.username !== '' || url.password !== '')
    throw wrong(field, 'Take user and password out of the address: they would be shown.');
  return url;
}

function wrong(field: string, words: string): SluiceError {
  return new SluiceError('input_invalid', 'The place of the files is not complete.', {
    fields: { [`configuration.${field}`]: words },
  });
}
