import type { Row } from '@sluice/domain/column';

/** A row as JSON holds it: integers that a double cannot hold are text, so that no digit is lost. */
export function plainRow(row: Row): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(row, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part)),
  );
}
