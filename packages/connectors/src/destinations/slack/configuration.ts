import { readBaseUrl } from '../../kit/http/base-url.ts';
import { readKey } from '../../kit/http/read-text.ts';
import type { Configuration } from '../../kit/source.ts';

export const presetUrl = 'https://slack.com/api';

export interface SlackConfiguration {
  readonly botToken: string;
  readonly baseUrl: URL;
}

/** Reads the fields of a destination; throws `input_invalid` with the field that is wrong. */
export const readConfiguration = (configuration: Configuration): SlackConfiguration => ({
  botToken: readKey(configuration, 'botToken', 'The bot token'),
  baseUrl: readBaseUrl(configuration, presetUrl),
});
