import { readBaseUrl } from '../../kit/http/base-url.ts';
import { readKey } from '../../kit/http/read-text.ts';
import type { Configuration } from '../../kit/source.ts';

/** Instance → address of its REST API. https://www.braze.com/docs/api/basics/#endpoints (2026-11) */
export const instances = {
  'us-01': 'https://rest.iad-01.braze.com',
  'us-02': 'https://rest.iad-02.braze.com',
  'us-03': 'https://rest.iad-03.braze.com',
  'us-04': 'https://rest.iad-04.braze.com',
  'us-05': 'https://rest.iad-05.braze.com',
  'us-06': 'https://rest.iad-06.braze.com',
  'us-07': 'https://rest.iad-07.braze.com',
  'us-08': 'https://rest.iad-08.braze.com',
  'us-10': 'https://rest.us-10.braze.com',
  'eu-01': 'https://rest.fra-01.braze.eu',
  'eu-02': 'https://rest.fra-02.braze.eu',
} as const;

export interface BrazeConfiguration {
  readonly apiKey: string;
  readonly baseUrl: URL;
}

/** Reads the fields of a destination; throws `input_invalid` with the field that is wrong. */
export function readConfiguration(configuration: Configuration): BrazeConfiguration {
  const instance = String(configuration.instance) as keyof typeof instances;
  return {
    apiKey: readKey(configuration, 'apiKey', 'The REST API key'),
    baseUrl: readBaseUrl(configuration, instances[instance] ?? instances['us-01']),
  };
}
