'use client';

import type { Rollout, SyncEffect } from '@sluice/domain/edit-effect';
import { Badge } from '@sluice/ui/Badge';
import { ConfirmDialog } from '@sluice/ui/ConfirmDialog';
import { TextLink } from '@sluice/ui/TextLink';
import { Unplug } from 'lucide-react';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { RolloutChoice, useRollout } from './RolloutChoice.tsx';

const number = new Intl.NumberFormat('en');

/** Whether an edit does something to rows that were delivered before, so that a person should know first. */
export const needsAnswer = (syncs: readonly SyncEffect[]): boolean =>
  syncs.some(({ effects, choices, broken }) => effects.length > 0 || choices.length > 0 || broken);

/** Says what an edit does to rows that were delivered before, sync by sync, and lets a person choose. */
export function EffectDialog({
  title,
  syncs,
  namesSyncs,
  saving,
  error,
  onSave,
  onClose,
}: {
  title: string;
  syncs: readonly SyncEffect[];
  /** Whether the syncs are named: not in the editor of one. */
  namesSyncs: boolean;
  saving: boolean;
  error: unknown;
  onSave: (rollout: Rollout | undefined) => void;
  onClose: () => void;
}) {
  const { paths } = useWorkspace();
  const touched = syncs.filter((sync) => needsAnswer([sync]));
  // The choice is one for all: where it is offered it means the same.
  const choices = touched.find((sync) => sync.choices.length > 1)?.choices ?? [];
  const [rollout, setRollout] = useRollout(choices);
  const breaks = touched.some(({ broken }) => broken);
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      action={breaks ? 'Save anyway' : 'Save changes'}
      tone={breaks ? 'danger' : 'primary'}
      loading={saving}
      error={error != null && <ErrorCallout error={error} title="It was not saved." />}
      onConfirm={() => onSave(rollout)}
    >
      <div className="flex max-h-[60vh] flex-col gap-4 overflow-y-auto">
        <ul className="flex flex-col gap-4">
          {touched.map((sync) => (
            <li key={sync.syncId} className="flex flex-col gap-2">
              {(namesSyncs || sync.broken) && (
                <span className="flex flex-wrap items-center gap-2">
                  {namesSyncs && <TextLink href={paths.syncs.detail(sync.syncId)}>{sync.slug}</TextLink>}
                  {sync.broken && (
                    <Badge tone="critical" icon={<Unplug />}>
                      Breaks
                    </Badge>
                  )}
                </span>
              )}
              {sync.effects.map((effect) => (
                <div key={effect.kind}>
                  <p className="font-medium text-ink">{effect.title}</p>
                  <p>
                    {effect.explanation}
                    {effect.names.length > 0 && (
                      <>
                        {' '}
                        <code className="wrap-anywhere font-mono text-ink text-xs">
                          {effect.names.join(', ')}
                        </code>
                      </>
                    )}
                  </p>
                </div>
              ))}
              {sync.ledgerRows > 0 && (
                <p className="text-faint text-xs">
                  The destination is known to hold {number.format(sync.ledgerRows)}{' '}
                  {sync.ledgerRows === 1 ? 'row' : 'rows'} of it.
                </p>
              )}
              {sync.choices.length === 1 && sync.choices[0] && <p>{sync.choices[0].explanation}</p>}
            </li>
          ))}
        </ul>
        <RolloutChoice choices={choices} value={rollout} onChange={setRollout} />
      </div>
    </ConfirmDialog>
  );
}
