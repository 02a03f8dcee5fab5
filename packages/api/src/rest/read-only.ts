import { z } from '@hono/zod-openapi';
import { SluiceError } from '@sluice/domain/error';

/**
 * Parts of an answer that nobody sets. They may come along, so that what was read can be changed and sent back; every
 * other unknown field is refused by its name.
 */
export const readOnly = <const Name extends string>(...names: Name[]) =>
  Object.fromEntries(names.map((name) => [name, ignored])) as Record<Name, typeof ignored>;

const ignored = z.unknown().optional().openapi({ readOnly: true });

/** Throws `input_invalid` naming each field that was sent with another value than it has for good. */
export function assertUnchanged(given: Readonly<Record<string, unknown>>, current: object): void {
  const kept = new Map<string, unknown>(Object.entries(current));
  const fields = Object.entries(given)
    .filter(([name, value]) => value !== undefined && value !== kept.get(name))
    .map(
      ([name]) => [name, `This stays ${JSON.stringify(kept.get(name))}: make a new one instead.`] as const,
    );
  if (fields.length === 0) return;
  throw new SluiceError('input_invalid', 'Something that cannot be changed was sent with another value.', {
    fields: Object.fromEntries(fields),
  });
}
