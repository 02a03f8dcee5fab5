import { SluiceError } from '@sluice/domain/error';
import type { HeaderSetting } from '@sluice/domain/field';
import { z } from 'zod';
import type { Configuration } from '../../kit/source.ts';
import { isReservedHeader } from './reserved-header.ts';

/** A destination's own part of every request. */
export interface HttpRequestConfiguration {
  readonly baseUrl: URL;
  readonly headers: readonly HeaderSetting[];
}

const Shape = z.object({
  baseUrl: z.string().trim().min(1),
  headers: z
    .array(
      z.object({ name: z.string().trim().min(1), value: z.string(), secret: z.boolean().default(false) }),
    )
    .nullish(),
});

/** Reads the fields of a destination; throws `input_invalid` with the field that is wrong. */
export function readConfiguration(configuration: Configuration): HttpRequestConfiguration {
  const parsed = Shape.safeParse(configuration);
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path.join('.') ?? 'baseUrl';
    throw invalid(path, path.startsWith('baseUrl') ? 'Give the base URL.' : 'Give each header a name.');
  }
  const { baseUrl: text, headers } = parsed.data;
  const baseUrl = URL.canParse(text) ? new URL(text) : null;
  if (!baseUrl || (baseUrl.protocol !== 'http:' && baseUrl.protocol !== 'https:')) {
    throw invalid('baseUrl', 'The base URL is not a whole URL such as https://api.example.com/v1.');
  }
  if (baseUrl.username !== '' || baseUrl.password !== '') {
    throw invalid(
      'baseUrl',
      'The base URL holds a user name or a password. Put them into a secret Authorization header instead.',
    );
  }
  baseUrl.hash = '';
  (headers ?? []).forEach(({ name, value }, index) => {
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) {
      throw invalid(`headers.${index}.name`, 'A header name has letters, digits and hyphens only.');
    }
    if (isReservedHeader(name)) {
      throw invalid(`headers.${index}.name`, `Sluice sets the header ${name} itself.`);
    }
    if (!/^[\t\x20-\x7e]*$/.test(value)) {
      throw invalid(
        `headers.${index}.value`,
        `The header ${name} holds a line break or a non-ASCII character.`,
      );
    }
  });
  return { baseUrl, headers: headers ?? [] };
}

const invalid = (path: string, message: string): SluiceError =>
  new SluiceError('input_invalid', message, { fields: { [`configuration.${path}`]: message } });
