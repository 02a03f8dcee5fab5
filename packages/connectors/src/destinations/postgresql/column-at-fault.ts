import { DatabaseError } from 'pg';
import type { PgSession } from '../../kit/pg-connection.ts';
import type { StagedGroup } from './stage-batch.ts';
import { stageName } from './statement.ts';

/**
 * The column whose value the server refused, for data errors, which do not say so themselves: each value of the row
 * is cast alone, inside the open transaction. `null` when the row is refused for another reason.
 */
export async function columnAtFault(
  session: PgSession,
  group: StagedGroup,
  place: number,
  thrown: unknown,
): Promise<string | null> {
  if (!(thrown instanceof DatabaseError) || !thrown.code?.startsWith('22') || thrown.column) return null;
  const { columns } = group.statement;
  for (const [index, column] of columns.entries()) {
    await session.client.query('savepoint sluice_cast');
    try {
      const text = `select c${index}::${column.castType} from ${stageName(columns.length)} where n = $1`;
      await session.client.query({ text, values: [place] });
      await session.client.query('release savepoint sluice_cast');
    } catch (failure) {
      if (!(failure instanceof DatabaseError)) throw failure;
      await session.client.query('rollback to savepoint sluice_cast; release savepoint sluice_cast');
      return column.name;
    }
  }
  // Too long for the column, or out of its precision: the message names the type, which may be one column's only.
  const named = columns.filter(({ nativeType }) => thrown.message.includes(nativeType));
  return named.length === 1 ? (named[0]?.name ?? null) : null;
}
