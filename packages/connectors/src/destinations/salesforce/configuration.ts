import { readBaseUrl } from '../../kit/http/base-url.ts';
import { readKey, readText } from '../../kit/http/read-text.ts';
import type { Configuration } from '../../kit/source.ts';

/** Version of the REST API, which every org answers. https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_versions.htm (2026-11) */
export const apiVersion = 'v64.0';
/** Where everything but the sign-in is found, below the org's own address. */
export const dataPath = `/services/data/${apiVersion}`;

/** How Sluice signs in. */
export type SalesforceAccess =
  | { readonly kind: 'client'; readonly clientId: string; readonly clientSecret: string }
  | {
      readonly kind: 'jwt';
      readonly clientId: string;
      readonly user: string;
      readonly privateKey: string;
      /** Whom the assertion is for. */
      readonly audience: string;
    }
  | { readonly kind: 'oauth' };

export interface SalesforceConfiguration {
  readonly baseUrl: URL;
  readonly access: SalesforceAccess;
  /** Share of the org's daily requests that Sluice leaves to others, 0 to 0.9. */
  readonly reserve: number;
  /** Requests at once. */
  readonly concurrency: number;
}

export const presets = { reserve: 10, concurrency: 4, bulkRowsMin: 2_000 } as const;

/** Reads the fields of a destination; throws `input_invalid` with the field that is wrong. */
export function readConfiguration(configuration: Configuration): SalesforceConfiguration {
  readText(configuration, 'baseUrl', 'The address of the org');
  return {
    baseUrl: readBaseUrl(configuration, 'https://login.salesforce.com'),
    access: readAccess(configuration),
    reserve: within(configuration.reserve, presets.reserve, 0, 90) / 100,
    concurrency: Math.round(within(configuration.concurrency, presets.concurrency, 1, 10)),
  };
}

function readAccess(configuration: Configuration): SalesforceAccess {
  const clientId = () => readKey(configuration, 'clientId', 'The consumer key');
  switch (configuration.access) {
    case 'oauth':
      return { kind: 'oauth' };
    case 'jwt':
      return {
        kind: 'jwt',
        clientId: clientId(),
        user: readText(configuration, 'user', 'The user name'),
        privateKey: readText(configuration, 'privateKey', 'The private key'),
        audience:
          configuration.sandbox === true ? 'https://test.salesforce.com' : 'https://login.salesforce.com',
      };
    default:
      return {
        kind: 'client',
        clientId: clientId(),
        clientSecret: readKey(configuration, 'clientSecret', 'The consumer secret'),
      };
  }
}

function within(value: unknown, preset: number, least: number, most: number): number {
  const number = typeof value === 'number' && Number.isFinite(value) ? value : preset;
  return Math.min(Math.max(number, least), most);
}
