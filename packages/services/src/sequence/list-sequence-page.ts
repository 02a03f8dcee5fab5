import { type Actor, authorise } from '@sluice/domain/actor';
import type { SequenceView } from '@sluice/domain/sequence';
import type { ServiceContext } from '../context.ts';
import { pageOfRows, pageQuery, type ResourcePage, type ResourcePageInput } from '../list/resource-page.ts';
import { sequenceScope } from './sequence-scope.ts';
import { sequenceInclude, sequenceView } from './sequence-view.ts';

/** A sequence in a list: its newest run is not loaded. */
export type ListedSequence = Omit<SequenceView, 'lastRun'>;

/** A part of the sequences that the actor may see. */
export async function listSequencePage(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
  input: ResourcePageInput,
): Promise<ResourcePage<ListedSequence>> {
  authorise(actor, 'sync.read');
  // Numbers are random: "by id" means in the order of creation, as for everything else.
  const orderBy = input.orderBy === 'id' ? 'createdAt' : input.orderBy;
  const { filters, window } = pageQuery({ ...input, orderBy });
  const rows = await ctx.db.sequence.findMany({
    where: { AND: [sequenceScope(actor), filters] },
    include: sequenceInclude,
    ...window,
  });
  return pageOfRows(rows, input.limit, (row) => {
    const { lastRun: _, ...listed } = sequenceView(row, null);
    return listed;
  });
}
