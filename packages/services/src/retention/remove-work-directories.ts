import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { activeStatuses } from '@sluice/domain/run-status';
import type { ServiceContext } from '../context.ts';

/** A preview or dry run does not take so long. */
const draftMsMax = 24 * 3_600_000;

/**
 * Removes work directories whose worker went away without tidying up: of claims that no longer hold their run, and
 * of drafts from yesterday. Answers how many.
 */
export async function removeWorkDirectories(ctx: ServiceContext, signal: AbortSignal): Promise<number> {
  const root = join(ctx.settings.dataDirectory, 'work');
  const names = await readdir(root).catch(() => []);
  let removed = 0;
  for (const name of names) {
    signal.throwIfAborted();
    if (!(await isAbandoned(ctx, root, name))) continue;
    await rm(join(root, name), { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}

async function isAbandoned(ctx: ServiceContext, root: string, name: string): Promise<boolean> {
  const [, runId, epoch] = /^(\d+)-(\d+)$/.exec(name) ?? [];
  if (runId && epoch) {
    const held = await ctx.db.run.count({
      where: { id: Number(runId), epoch: Number(epoch), status: { in: [...activeStatuses] } },
    });
    return held === 0;
  }
  if (!name.startsWith('draft-')) return false;
  const { mtimeMs } = await stat(join(root, name)).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > draftMsMax;
}
