import { readBaseUrl } from '../../kit/http/base-url.ts';
import { readKey } from '../../kit/http/read-text.ts';
import type { Configuration } from '../../kit/source.ts';

export interface RudderstackConfiguration {
  readonly writeKey: string;
  readonly baseUrl: URL;
}

/** Reads the fields of a destination; throws `input_invalid` with the field that is wrong. */
export const readConfiguration = (configuration: Configuration): RudderstackConfiguration => ({
  writeKey: readKey(configuration, 'writeKey', 'The write key'),
  baseUrl: readBaseUrl(
    // Every account has a data plane of its own: there is no address to fall back to.
    { baseUrl: readKey(configuration, 'baseUrl', 'The data plane URL') },
    'https://acme.dataplane.rudderstack.com',
  ),
});
