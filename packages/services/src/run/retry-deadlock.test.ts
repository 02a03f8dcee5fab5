import { expect, it } from 'vitest';
import { triggerSync } from '../sync/trigger-sync.ts';
import { createTestMember } from '../testing/create-test-member.ts';
import { createTestSync } from '../testing/create-test-sync.ts';
import { openTestContext } from '../testing/open-test-context.ts';
import { cancelRun } from './cancel-run.ts';

it('lets triggers and cancels of one queued run meet without failing any', { timeout: 90_000 }, async () => {
  const ctx = await openTestContext();
  try {
    const { actor } = await createTestMember(ctx, 'acme', 'editor');
    const sync = await createTestSync(ctx, actor.workspaceId);
    const trigger = () => triggerSync(ctx, actor, { id: sync.id, resync: 'none', ignoreGuards: false });
    for (let pair = 0; pair < 20; pair += 1) {
      const { id } = await trigger();
      const [again, cancelled] = await Promise.all([trigger(), cancelRun(ctx, actor, { id })]);
      expect([again.status, cancelled.status]).toEqual([
        expect.stringMatching(/^(queued|cancelled)$/),
        'cancelled',
      ]);
    }
  } finally {
    await ctx.close();
  }
});
