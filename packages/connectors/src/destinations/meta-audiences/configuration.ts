import { SluiceError } from '@sluice/domain/error';
import { readBaseUrl } from '../../kit/http/base-url.ts';
import { readKey, readText } from '../../kit/http/read-text.ts';
import type { Configuration } from '../../kit/source.ts';

/** The version is part of the address; Meta keeps one for two years. https://developers.facebook.com/docs/graph-api/guides/versioning (2026-11) */
export const presetUrl = 'https://graph.facebook.com/v24.0';

export interface MetaConfiguration {
  readonly accessToken: string;
  /** Of the app, to prove that the token is ours; `null` = the app does not ask for the proof. */
  readonly appSecret: string | null;
  /** Digits, without `act_`. */
  readonly adAccountId: string;
  readonly baseUrl: URL;
}

/** Reads the fields of a destination; throws `input_invalid` with the field that is wrong. */
export function readConfiguration(configuration: Configuration): MetaConfiguration {
  const secret = typeof configuration.appSecret === 'string' && configuration.appSecret.trim() !== '';
  const account = readText(configuration, 'adAccountId', 'The ad account').replace(/^act_/, '');
  if (!/^\d+$/.test(account)) {
    const message = 'The ad account is a number, such as act_1234567890.';
    throw new SluiceError('input_invalid', message, { fields: { 'configuration.adAccountId': message } });
  }
  return {
    accessToken: readKey(configuration, 'accessToken', 'The access token'),
    appSecret: secret ? readKey(configuration, 'appSecret', 'The app secret') : null,
    adAccountId: account,
    baseUrl: readBaseUrl(configuration, presetUrl),
  };
}
