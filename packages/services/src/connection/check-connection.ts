import { isDeepStrictEqual } from 'node:util';
import type { ConnectContext } from '@sluice/connectors/kit/context';
import { type Actor, authorise } from '@sluice/domain/actor';
import type { CheckConnection } from '@sluice/domain/connection';
import type { CheckResult } from '@sluice/domain/connector';
import { SluiceError, toSluiceError } from '@sluice/domain/error';
import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { assertGrant } from '../oauth/claim-grant.ts';
import { grantAccess } from '../oauth/grant-access.ts';
import { resumeChecked } from '../sync-health/resume-checked.ts';
import { connectContext } from './connect-context.ts';
import type { ConnectionKind } from './connection-kind.ts';
import { fillSecrets, openSecrets, secretValues } from './connection-secrets.ts';
import { getConnectionRow } from './get-connection-row.ts';
import { readConfiguration } from './read-configuration.ts';

/** What a connector must offer to be checked. */
export interface Checkable {
  check(): AsyncIterable<CheckResult>;
  close(): Promise<void>;
}

/**
 * Runs the connector's named checks one by one; a failed check is a result, not an error. With an id, the saved
 * values stand in for what is left out; the outcome is saved on the record when the draft is what is saved, and
 * syncs that waited for it go on. Throws
 * `input_invalid` for values that do not fit the fields, `not_found`, `rate_limited`.
 */
export async function checkConnection(
  ctx: ServiceContext,
  actor: Actor,
  kind: ConnectionKind,
  input: z.infer<typeof CheckConnection>,
  open: (type: string, configuration: Record<string, unknown>, context: ConnectContext) => Checkable,
  signal: AbortSignal,
): Promise<CheckResult[]> {
  authorise(actor, kind.writePermission);
  const { workspaceId } = actor;
  const row = input.id === undefined ? null : await getConnectionRow(ctx.db, kind, workspaceId, input.id);
  if (row && row.type !== input.type) {
    const message = `"${row.name}" is of type ${row.type}; the type of a ${kind.noun} never changes.`;
    throw new SluiceError('input_invalid', message, { fields: { type: message } });
  }
  const saved = row && {
    shown: row.configuration as Record<string, unknown>,
    secrets: await openSecrets(ctx, { workspaceId, table: kind.table, recordId: row.id }, row.secrets),
  };
  const connector = kind.connector(input.type);
  const { shown, secrets } = readConfiguration(connector, input.configuration, saved ?? undefined);
  ctx.secrets.register(secretValues(secrets));
  await assertGrant(ctx.db, actor, { kind, type: input.type, id: row?.id ?? null, configuration: shown });

  const checks = await ctx.limits.run('check', workspaceId, async () => {
    const grant = grantAccess(ctx, workspaceId, connector, shown, signal);
    const context = connectContext(
      ctx,
      workspaceId,
      { signal, label: `sluice check of ${kind.noun}` },
      grant,
    );
    const connection = open(input.type, fillSecrets(connector.fields, shown, secrets), context);
    try {
      return ctx.secrets.redactDeep(await collect(connection));
    } finally {
      await connection.close();
    }
  });
  const ok = checks.every(({ status }) => status === 'passed' || status === 'warning');
  const asSaved = isDeepStrictEqual(saved, { shown, secrets });
  if (row && asSaved && !signal.aborted) {
    await kind.rows.saveCheck(ctx.db, row, { at: new Date(), ok, checks });
    if (ok) await resumeChecked(ctx);
  }
  return checks;
}

/** All results; a connector that throws instead of answering ends in a failed check that says why. */
async function collect(connection: Checkable): Promise<CheckResult[]> {
  const checks: CheckResult[] = [];
  const startedAt = performance.now();
  try {
    for await (const check of connection.check()) checks.push(check);
  } catch (thrown) {
    const { message, fix } = toSluiceError(thrown);
    const durationMs = Math.round(performance.now() - startedAt);
    checks.push({ name: 'connection', label: 'Connection', status: 'failed', durationMs, message, fix });
  }
  return checks;
}
