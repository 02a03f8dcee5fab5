import { isDeepStrictEqual } from 'node:util';
import type { ConfigField } from '@sluice/domain/field';

/** Whether the connection now leads to another system than before. */
export function placeChanged(
  fields: readonly ConfigField[],
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): boolean {
  return fields.some(
    ({ name, namesPlace, default: preset }) =>
      namesPlace && !isDeepStrictEqual(before[name] ?? preset, after[name] ?? preset),
  );
}
