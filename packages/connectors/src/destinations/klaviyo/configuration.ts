import { readBaseUrl } from '../../kit/http/base-url.ts';
import { readKey } from '../../kit/http/read-text.ts';
import type { Configuration } from '../../kit/source.ts';

export const presetUrl = 'https://a.klaviyo.com';

/** Version of the API that is spoken. https://developers.klaviyo.com/en/docs/api_versioning_and_deprecation_policy (2026-11) */
export const revision = '2026-07-15';

export interface KlaviyoConfiguration {
  /** A private key; `null` = the access that somebody granted. */
  readonly apiKey: string | null;
  readonly baseUrl: URL;
}

/** Reads the fields of a destination; throws `input_invalid` with the field that is wrong. */
export const readConfiguration = (configuration: Configuration): KlaviyoConfiguration => ({
  apiKey: configuration.access === 'oauth' ? null : readKey(configuration, 'apiKey', 'The API key'),
  baseUrl: readBaseUrl(configuration, presetUrl),
});
