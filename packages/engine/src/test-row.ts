import type { ChangeClass } from '@sluice/domain/change';
import { SluiceError } from '@sluice/domain/error';
import type { TestRowResult } from '@sluice/domain/sync';
import type { DraftSpecification, EnginePorts } from './run.ts';

/** Really sends one row, found by its key (the first row without one), and answers what became of it. */
export async function testRow(
  _spec: DraftSpecification,
  _ports: EnginePorts,
  _options: {
    readonly key?: string | null;
    readonly class: ChangeClass;
    /** Column → canonical text, over the values of the row. */
    readonly overrides?: Readonly<Record<string, string | null>>;
  },
): Promise<TestRowResult> {
  throw new SluiceError('internal', 'Rows cannot be tested by this build.');
}
