import type { Value } from '@sluice/domain/column';

declare global {
  interface JSON {
    /** ES2025; not yet in TypeScript's library. */
    rawJSON(text: string): object;
  }
}

/**
 * A value as JSON text with every digit it has: a `bigint` becomes a plain JSON number. Non-finite numbers have no
 * JSON form and become `null`, as in `JSON.stringify`. Keys keep their order.
 */
export function valueToJson(value: Value, space = 0): string {
  try {
    // Several times faster than with a replacer, which only a bigint needs.
    return JSON.stringify(value, null, space);
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown;
    return JSON.stringify(value, exactDigits, space);
  }
}

const exactDigits = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? JSON.rawJSON(value.toString()) : value;
