import { readBaseUrl } from '../../kit/http/base-url.ts';
import { readKey } from '../../kit/http/read-text.ts';
import type { Configuration } from '../../kit/source.ts';

export const presetUrl = 'https://api.hubapi.com';

export interface HubspotConfiguration {
  /** Of a private app; `null` = the access that somebody granted. */
  readonly accessToken: string | null;
  /** Requests in ten seconds that the account's plan allows. */
  readonly pace: number;
  readonly baseUrl: URL;
}

/** https://developers.hubspot.com/docs/guides/apps/api-usage/usage-details (2026-11): private apps, per 10 seconds. */
export const paces = { standard: 100, professional: 190 } as const;

/** Reads the fields of a destination; throws `input_invalid` with the field that is wrong. */
export const readConfiguration = (configuration: Configuration): HubspotConfiguration => ({
  accessToken:
    configuration.access === 'oauth' ? null : readKey(configuration, 'accessToken', 'The access token'),
  pace: configuration.plan === 'professional' ? paces.professional : paces.standard,
  baseUrl: readBaseUrl(configuration, presetUrl),
});
