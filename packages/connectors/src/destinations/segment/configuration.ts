import { readBaseUrl } from '../../kit/http/base-url.ts';
import { readKey } from '../../kit/http/read-text.ts';
import type { Configuration } from '../../kit/source.ts';

/** https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/ (read 2026-11-22) */
export const presetUrls = {
  us: 'https://api.segment.io/v1',
  eu: 'https://events.eu1.segmentapis.com/v1',
} as const;

export interface SegmentConfiguration {
  readonly writeKey: string;
  readonly baseUrl: URL;
}

/** Reads the fields of a destination; throws `input_invalid` with the field that is wrong. */
export const readConfiguration = (configuration: Configuration): SegmentConfiguration => ({
  writeKey: readKey(configuration, 'writeKey', 'The write key'),
  baseUrl: readBaseUrl(configuration, presetUrls[configuration.region === 'eu' ? 'eu' : 'us']),
});
