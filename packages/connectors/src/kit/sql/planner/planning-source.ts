import { type CheckFinding, type CheckNames, runChecks } from '../../checks.ts';
import type { ConnectContext } from '../../context.ts';
import { plannerSchema } from '../../planner.ts';
import { plansInSource } from '../../planner-field.ts';
import type { Configuration, SourceConnection } from '../../source.ts';
import { createSqlSource } from '../sql-source.ts';
import { createSqlPlanner, inWriter, SchemaMissing } from './create-sql-planner.ts';
import { mirrorColumns } from './names.ts';
import type { PlannerEngine } from './planner-engine.ts';

/** The last check of a source that can compare by itself. */
export const plannerCheckName: CheckNames[number] = { name: 'planner', label: 'Compare rows' };

/** `createSqlSource` for an engine that compares rows by itself where the configuration says so; `check` is followed by `plannerCheckName`. */
export function createPlanningSource(
  engine: PlannerEngine,
  context: ConnectContext,
  configuration: Configuration,
  check: SourceConnection['check'],
): SourceConnection {
  const plans = plansInSource(configuration);
  const source = createSqlSource(engine, context, async function* () {
    let failed = false;
    for await (const result of check()) {
      failed ||= result.status === 'failed';
      yield result;
    }
    const step = async () => (plans ? checkPlanner(engine, context) : notPlanning);
    yield* runChecks([plannerCheckName], failed ? {} : { [plannerCheckName.name]: step }, context.signal);
  });
  return {
    ...source,
    introspect: async () =>
      (await source.introspect()).filter(({ schema }) => schema.toLowerCase() !== plannerSchema),
    ...(plans && { planner: createSqlPlanner(engine, context) }),
  };
}

const notPlanning: CheckFinding = {
  status: 'passed',
  message: 'Rows are compared in Sluice; nothing is written.',
};

/** Makes a table in the planner's schema, writes to it, and drops it. Throws `planner_not_ready` with the statements that are missing. */
async function checkPlanner(engine: PlannerEngine, context: ConnectContext): Promise<CheckFinding> {
  await inWriter(engine, context, async (writer) => {
    const { planner } = engine;
    const fresh = () => planner.table(`check_${crypto.randomUUID().replaceAll('-', '')}`);
    const name = fresh();
    if ((await writer.tables()) === null) throw new SchemaMissing(planner);
    await writer.create(name, mirrorColumns);
    await writer.append(name, mirrorColumns, [mirrorColumns.map(() => 'x')]);
    await writer.publish(name, `SELECT ${mirrorColumns.join(', ')} FROM ${name}`, fresh());
    await writer.drop(name);
  });
  return { status: 'passed', message: `Made a table in the schema ${plannerSchema} and removed it.` };
}
