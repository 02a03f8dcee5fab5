import { runChecks } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { modelStatement } from '../../kit/model-statement.ts';
import { createPgChecks, pgCheckNames } from '../../kit/pg-checks.ts';
import { readPgSettings } from '../../kit/pg-settings.ts';
import type { Configuration, SourceConnection } from '../../kit/source.ts';
import { checkRead } from './check-read.ts';
import { describeStatement } from './describe-statement.ts';
import { inspectKey } from './inspect-key.ts';
import { introspect } from './introspect.ts';
import { preview } from './preview.ts';
import { inReadTransaction } from './read-transaction.ts';
import { spool } from './spool.ts';

/** Each method has a session of its own, which ends with it. Throws `input_invalid` for incomplete settings. */
export function openPostgresqlSource(
  configuration: Configuration,
  context: ConnectContext,
): SourceConnection {
  const settings = readPgSettings(configuration);
  const quick = { totalMs: context.timeouts.requestMs };
  return {
    async *check() {
      const checks = createPgChecks(settings, context, 'source');
      try {
        const steps = { ...checks.steps, read: () => checkRead(checks.session()) };
        yield* runChecks([...pgCheckNames, { name: 'read', label: 'Read tables' }], steps, context.signal);
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
    spool: (query, path, onProgress) =>
      inReadTransaction(settings, context, { totalMs: null }, (session, stop) =>
        spool(session, modelStatement(query), path, {
          onProgress,
          onSilence: stop,
          silenceMs: context.timeouts.queryMs ?? 60 * 60 * 1000,
        }),
      ),
    close: async () => {},
  };
}
