import { SluiceError } from '@sluice/domain/error';
import type { Configuration } from '../source.ts';

/** A text field of a configuration, trimmed. Throws `input_invalid` at the field when it is empty. */
export function readText(configuration: Configuration, name: string, label: string): string {
  const value = configuration[name];
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  const message = `${label} is missing.`;
  throw new SluiceError('input_invalid', message, { fields: { [`configuration.${name}`]: message } });
}

/** The same for a key that travels in a header: visible ASCII only, since anything else would break the request. */
export function readKey(configuration: Configuration, name: string, label: string): string {
  const key = readText(configuration, name, label);
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  const message = `${label} holds a space or a character that no key has.`;
  throw new SluiceError('input_invalid', message, { fields: { [`configuration.${name}`]: message } });
}
