import { type Actor, authorise } from '@sluice/domain/actor';
import type { DraftSync, MappedRow, RequestView } from '@sluice/domain/sync';
import { previewRows as previewInEngine } from '@sluice/engine/look/preview-rows';
import type { ServiceContext } from '../context.ts';
import { withDraft } from './with-draft.ts';

const rowsMax = 5;

/** The first rows of the model as a draft would send them. A row that cannot be mapped says why; nothing is sent. */
export async function previewRows(
  ctx: ServiceContext,
  actor: Actor,
  input: DraftSync,
  options: { signal: AbortSignal },
): Promise<{ rows: MappedRow[]; requests: RequestView[] }> {
  authorise(actor, 'sync.write');
  return withDraft(
    ctx,
    actor,
    input,
    { ...options, checked: false, label: 'sluice preview of rows' },
    (spec, ports) => previewInEngine(spec, ports, rowsMax),
  );
}
