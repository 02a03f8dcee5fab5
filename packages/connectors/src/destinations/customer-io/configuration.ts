import { readBaseUrl } from '../../kit/http/base-url.ts';
import { readKey } from '../../kit/http/read-text.ts';
import type { Configuration } from '../../kit/source.ts';

/** https://docs.customer.io/integrations/api/track/ (2026-11) */
export const presetUrls = { us: 'https://track.customer.io', eu: 'https://track-eu.customer.io' } as const;

export interface CustomerIoConfiguration {
  readonly siteId: string;
  readonly apiKey: string;
  readonly region: 'us' | 'eu';
  readonly baseUrl: URL;
}

/** Reads the fields of a destination; throws `input_invalid` with the field that is wrong. */
export function readConfiguration(configuration: Configuration): CustomerIoConfiguration {
  const region = configuration.region === 'eu' ? 'eu' : 'us';
  return {
    siteId: readKey(configuration, 'siteId', 'The site ID'),
    apiKey: readKey(configuration, 'apiKey', 'The API key'),
    region,
    baseUrl: readBaseUrl(configuration, presetUrls[region]),
  };
}
