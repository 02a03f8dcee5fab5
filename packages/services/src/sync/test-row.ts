import { type Actor, authorise } from '@sluice/domain/actor';
import type { TestRow, TestRowResult } from '@sluice/domain/sync';
import { testRow as testInEngine } from '@sluice/engine/look/test-row';
import type { z } from 'zod';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { withDraft } from './with-draft.ts';

/**
 * Really sends one row of a draft and answers what became of it, with the request and the answer. It is in the audit
 * log, because it changes the destination; the ledger is not touched. Throws `not_found`, and as a run would.
 */
export async function testRow(
  ctx: ServiceContext,
  actor: Actor,
  input: z.output<typeof TestRow>,
  options: { signal: AbortSignal },
): Promise<TestRowResult> {
  authorise(actor, 'sync.write');
  const { key, class: name, row, ...draft } = input;
  return withDraft(
    ctx,
    actor,
    draft,
    { ...options, checked: true, label: 'sluice test of a row' },
    async (spec, ports) => {
      const result = await testInEngine(spec, ports, {
        key: key ?? null,
        class: name,
        ...(row && { overrides: row }),
      });
      await audit(ctx.db, actor, {
        action: 'sync.test_row',
        subjectType: spec.sync ? 'sync' : 'destination',
        subjectId: spec.sync?.id ?? draft.destinationId,
        subjectName: spec.sync?.slug ?? `Destination ${draft.destinationId}`,
        changes: { outcome: [null, result.outcome] },
      });
      return result;
    },
  );
}
