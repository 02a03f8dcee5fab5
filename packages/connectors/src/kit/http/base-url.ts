import { SluiceError } from '@sluice/domain/error';
import type { ConfigField } from '@sluice/domain/field';
import type { Configuration } from '../source.ts';

/** The field that leads a destination to a sandbox or a test host instead of the vendor's own address. */
export const baseUrlField = (preset: string): ConfigField => ({
  name: 'baseUrl',
  label: 'API address',
  kind: 'text',
  help: `For sandboxes and proxies only. Left empty, it is ${preset}.`,
  placeholder: preset,
  secret: false,
  required: false,
  guardsSecrets: true,
  namesPlace: true,
});

/**
 * The address of the API: the configured one, else `preset`. Throws `input_invalid` for anything but an https URL
 * without credentials; http is taken for this machine only.
 */
export function readBaseUrl(configuration: Configuration, preset: string): URL {
  const text = typeof configuration.baseUrl === 'string' ? configuration.baseUrl.trim() : '';
  if (text === '') return new URL(preset);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw invalid(`The API address is not a whole URL such as ${preset}.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid('The API address holds a user name or a password.');
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw invalid('The API address must begin with https://, so that the credentials travel encrypted.');
  }
  url.hash = '';
  url.search = '';
  return url;
}

const isLoopback = (host: string): boolean => /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(host);

const invalid = (message: string): SluiceError =>
  new SluiceError('input_invalid', message, { fields: { 'configuration.baseUrl': message } });
