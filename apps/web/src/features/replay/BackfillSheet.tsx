'use client';

import { RowFilter } from '@sluice/domain/row-filter';
import type { SyncView } from '@sluice/domain/sync';
import { Button } from '@sluice/ui/Button';
import { Segmented } from '@sluice/ui/Segmented';
import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import { useCancellable } from '#features/model/use-cancellable.ts';
import { useTriggerSync } from '#features/sync/use-trigger-sync.ts';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPCClient } from '#trpc/client.ts';
import { AskedRunSheet } from './AskedRunSheet.tsx';
import { type ConditionDraft, conditionOf, emptyCondition, FilterFields } from './FilterFields.tsx';

/** Sends rows again although they did not change: all of the model, or those that fulfil conditions. */
export function BackfillSheet({ sync, onClose }: { sync: SyncView; onClose: () => void }) {
  const client = useTRPCClient();
  const { whyNot } = useWorkspace();
  const trigger = useTriggerSync();
  const [scope, setScope] = useState<'some' | 'all'>('some');
  const [conditions, setConditions] = useState<readonly ConditionDraft[]>([emptyCondition(sync)]);
  const parsed = RowFilter.safeParse(conditions.map(conditionOf));
  const filter = scope === 'all' ? [] : parsed.success ? parsed.data : null;
  const preview = useCancellable((backfill: RowFilter | [], signal) =>
    client.sync.dryRun.mutate(
      {
        id: sync.id,
        modelId: sync.modelId,
        destinationId: sync.destinationId,
        configuration: sync.configuration,
        backfill,
      },
      { signal },
    ),
  );
  const look = () => filter && preview.run(filter);
  const shown =
    preview.result && JSON.stringify(preview.result.input) === JSON.stringify(filter)
      ? preview.result.data
      : undefined;
  return (
    <AskedRunSheet
      title={`Backfill ${sync.slug}`}
      description={`Sends rows again with the values they have now, also those that did not change. ${
        scope === 'all'
          ? 'Rows that left the model are removed as ever.'
          : 'All other rows stay as they are until the next run.'
      }`}
      options={
        <div className="flex flex-col gap-4">
          <div className="self-start">
            <Segmented
              label="Rows to send"
              value={scope}
              onChange={setScope}
              options={[
                { value: 'some', label: 'Some rows' },
                { value: 'all', label: 'All rows' },
              ]}
            />
          </div>
          {scope === 'some' && (
            <FilterFields columns={sync.modelColumns} conditions={conditions} onChange={setConditions} />
          )}
          <Button
            className="self-start"
            loading={preview.running}
            disabledReason={
              whyNot('sync.write') ?? (filter === null ? 'Complete the conditions first.' : null)
            }
            onClick={look}
          >
            <FlaskConical />
            Preview
          </Button>
        </div>
      }
      preview={{ data: shown, running: preview.running, error: preview.error, retry: look }}
      readsModel
      action="Start the backfill"
      starting={trigger.isPending}
      startError={null}
      disabledReason={whyNot('sync.trigger') ?? (shown ? null : 'Preview what would be sent first.')}
      onStart={(ignoreGuards) => {
        if (filter === null) return;
        trigger.run({
          id: sync.id,
          resync: 'backfill',
          ignoreGuards,
          ...(filter.length > 0 && { filter }),
        });
        onClose();
      }}
      onClose={onClose}
    />
  );
}
