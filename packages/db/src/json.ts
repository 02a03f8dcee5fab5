import { SluiceError } from '@sluice/domain/error';
import { Prisma } from './generated/client.ts';

/**
 * A value as a JSON column takes it: without `undefined`, dates as text. Throws `input_invalid` for text that the
 * database cannot hold: a NUL character, or half of a surrogate pair.
 */
export function toJson(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value, assertStorable)) as Prisma.InputJsonValue;
}

/** The same for a column that may be empty: `null` is SQL's NULL, not JSON's. */
export function toJsonOrNull(value: unknown): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return value === null || value === undefined ? Prisma.DbNull : toJson(value);
}

function assertStorable(key: string, value: unknown): unknown {
  const texts = typeof value === 'string' ? [key, value] : [key];
  if (texts.every((text) => !text.includes('\0') && text.isWellFormed())) return value;
  throw new SluiceError('input_invalid', 'The text holds a character that cannot be stored.', {
    fix: 'Remove the NUL character or the broken symbol.',
  });
}
