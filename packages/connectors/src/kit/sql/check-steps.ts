import type { SchemaTable } from '@sluice/domain/connector';
import type { CheckFinding } from '../checks.ts';
import type { SqlSession } from './engine.ts';
import { readAll } from './sql-source.ts';

/** Whether statements run at all; `message` says what was found to be so. */
export async function checkComputing(session: SqlSession, message: string): Promise<CheckFinding> {
  await readAll(await session.query('SELECT 1 AS one'));
  return { status: 'passed', message };
}

/** Whether there is anything to read in a place; `grants` makes the statements that would let it be read. */
export function tablesFinding(
  tables: readonly SchemaTable[],
  place: string,
  grants: () => string,
): CheckFinding {
  if (tables.length > 0)
    return { status: 'passed', message: `${tables.length} tables and views of ${place} can be read.` };
  return { status: 'warning', message: `No table of ${place} can be read yet.`, fix: grants() };
}
