import type { CheckResult } from '@sluice/domain/connector';
import { type CheckNames, runChecks } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { SqlSession } from '../../kit/sql/engine.ts';
import type { ExampleSettings } from './configuration.ts';
import { openExampleSession } from './open-session.ts';

export const exampleCheckNames: CheckNames = [
  { name: 'sign_in', label: 'Reach the server and sign in' },
  { name: 'read', label: 'Read tables' },
];

/** Yields the results of `exampleCheckNames` in order. A failed one says what to do: its error carries the fix. */
export async function* checkExample(
  settings: ExampleSettings,
  context: ConnectContext,
): AsyncGenerator<CheckResult> {
  let session: SqlSession | null = null;
  const steps = {
    sign_in: async () => {
      session = await openExampleSession(settings, context);
      return { status: 'passed' as const, message: `Signed in to ${settings.url.host}.` };
    },
    read: async () => {
      const tables = (await session?.introspect()) ?? [];
      if (tables.length > 0)
        return { status: 'passed' as const, message: `${tables.length} tables and views can be read.` };
      return {
        status: 'warning' as const,
        message: 'No table can be read yet.',
        fix: 'The statements, to copy, that give the least rights.',
      };
    },
  };
  try {
    yield* runChecks(exampleCheckNames, steps, context.signal);
  } finally {
    await (session as SqlSession | null)?.end();
  }
}
