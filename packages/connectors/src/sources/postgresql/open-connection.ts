import { type CheckFinding, type CheckNames, runChecks } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { modelStatement } from '../../kit/model-statement.ts';
import { createPgChecks, pgCheckNames } from '../../kit/pg-checks.ts';
import { readPgSettings } from '../../kit/pg-settings.ts';
import { plansInSource } from '../../kit/planner-field.ts';
import type { Configuration, SourceConnection } from '../../kit/source.ts';
import { checkRead } from './check-read.ts';
import { describeStatement } from './describe-statement.ts';
import { inspectKey } from './inspect-key.ts';
import { introspect } from './introspect.ts';
import { checkPlanner } from './planner/check-planner.ts';
import { createPlanner } from './planner/create-planner.ts';
import { preview } from './preview.ts';
import { queryLimitMs } from './query-limit.ts';
import { inReadTransaction } from './read-transaction.ts';
import { spool } from './spool.ts';

/** Each method has a session of its own, which ends with it. Throws `input_invalid` for incomplete settings. */
export function openPostgresqlSource(
  configuration: Configuration,
  context: ConnectContext,
): SourceConnection {
  const settings = readPgSettings(configuration);
  const plans = plansInSource(configuration);
  const quick = { totalMs: context.timeouts.requestMs };
  return {
    async *check() {
      const checks = createPgChecks(settings, context, 'source');
      try {
        const steps = {
          ...checks.steps,
          read: () => checkRead(checks.session()),
          planner: async () => (plans ? checkPlanner(checks.session()) : notPlanning),
        };
        yield* runChecks([...checks.tunnelNames, ...checkNames], steps, context.signal);
      } finally {
        await checks.close();
      }
    },
    introspect: () => inReadTransaction(settings, context, quick, introspect),
    describe: (query) =>
      inReadTransaction(settings, context, quick, async (session) => {
        const { columns } = await describeStatement(session, modelStatement(query));
        return columns;
      }),
    preview: (query, { limit }) =>
      inReadTransaction(settings, context, quick, (session) =>
        preview(session, modelStatement(query), limit),
      ),
    inspectKey: (query, column) =>
      inReadTransaction(settings, context, quick, (session) =>
        inspectKey(session, modelStatement(query), column),
      ),
    spool: (query, path, onProgress, onPart) =>
      inReadTransaction(settings, context, { totalMs: null }, (session, stop) =>
        spool(session, modelStatement(query), path, {
          onProgress,
          ...(onPart && { onPart }),
          onSilence: stop,
          silenceMs: queryLimitMs(context),
        }),
      ),
    ...(plans && { planner: createPlanner(settings, context) }),
    close: async () => {},
  };
}

/** Named steps of "Test connection". */
export const checkNames: CheckNames = [
  ...pgCheckNames,
  { name: 'read', label: 'Read tables' },
  { name: 'planner', label: 'Compare rows' },
];

const notPlanning: CheckFinding = {
  status: 'passed',
  message: 'Rows are compared in Sluice; nothing is written.',
};
