import { readBaseUrl } from '../../kit/http/base-url.ts';
import { readKey } from '../../kit/http/read-text.ts';
import type { Configuration } from '../../kit/source.ts';

export const presetUrl = 'https://api.example.com';

export interface ExampleConfiguration {
  readonly apiKey: string;
  readonly baseUrl: URL;
}

/** Reads the fields of a destination; throws `input_invalid` with the field that is wrong. */
export const readConfiguration = (configuration: Configuration): ExampleConfiguration => ({
  apiKey: readKey(configuration, 'apiKey', 'The API key'),
  baseUrl: readBaseUrl(configuration, presetUrl),
});
