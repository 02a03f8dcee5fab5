import type { CheckFinding } from '../../../kit/checks.ts';
import type { PgSession } from '../../../kit/pg-connection.ts';
import { plannerSchema } from '../../../kit/planner.ts';
import { assertSchema } from './read-mirror.ts';

/**
 * Whether the planner can work: makes a table in its schema, and drops it. Throws `planner_not_ready` with the
 * statements that are missing.
 */
export async function checkPlanner(session: PgSession): Promise<CheckFinding> {
  await assertSchema(session);
  const table = `${plannerSchema}.check_${crypto.randomUUID().replaceAll('-', '')}`;
  // md5 is refused where the server runs under FIPS rules.
  await session.run(
    `BEGIN READ WRITE; CREATE UNLOGGED TABLE ${table} AS SELECT md5('') AS print; DROP TABLE ${table}; COMMIT`,
  );
  return { status: 'passed', message: `Made a table in the schema ${plannerSchema} and removed it.` };
}
