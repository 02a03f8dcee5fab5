'use client';

import type { Rollout } from '@sluice/domain/edit-effect';
import type { ModelImpact } from '@sluice/domain/model';
import { Badge } from '@sluice/ui/Badge';
import { ConfirmDialog } from '@sluice/ui/ConfirmDialog';
import { TextLink } from '@sluice/ui/TextLink';
import { CircleCheck, RotateCw, Unplug } from 'lucide-react';
import { RolloutChoice, useRollout } from '#features/effect/RolloutChoice.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

const effects = {
  none: { label: 'No effect', tone: 'positive', icon: <CircleCheck /> },
  resync: { label: 'Full resync', tone: 'caution', icon: <RotateCw /> },
  broken: { label: 'Breaks', tone: 'critical', icon: <Unplug /> },
} as const;

/** Whether saving would do something to a sync that a person should know first. */
export const needsConsent = (impact: ModelImpact): boolean =>
  impact.syncs.some((sync) => sync.effect !== 'none' || sync.choices.length > 1);

/** Says what saving the model does to each of its syncs, and asks. */
export function ImpactDialog({
  impact,
  saving,
  error,
  onConfirm,
  onClose,
}: {
  impact: ModelImpact;
  saving: boolean;
  error: unknown;
  onConfirm: (rollout: Rollout | undefined) => void;
  onClose: () => void;
}) {
  const { paths } = useWorkspace();
  const choices = impact.syncs.find((sync) => sync.choices.length > 1)?.choices ?? [];
  const [rollout, setRollout] = useRollout(choices);
  const resyncs = impact.syncs.some((sync) => sync.effect === 'resync');
  const breaks = impact.syncs.some((sync) => sync.effect === 'broken');
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={
        breaks
          ? 'This change breaks syncs'
          : resyncs
            ? 'This change sends all rows again'
            : 'What the change does'
      }
      action={breaks ? 'Save anyway' : resyncs ? 'Save, and resync' : 'Save changes'}
      tone={breaks ? 'danger' : 'primary'}
      loading={saving}
      error={error != null && <ErrorCallout error={error} />}
      onConfirm={() => onConfirm(rollout)}
    >
      <div className="flex flex-col gap-4">
        <ul className="flex max-h-80 flex-col gap-3 overflow-y-auto">
          {impact.syncs.map((sync) => {
            const effect = effects[sync.effect];
            return (
              <li key={sync.id} className="flex flex-col gap-1">
                <span className="flex flex-wrap items-center gap-2">
                  <TextLink href={paths.syncs.detail(sync.id)}>{sync.slug}</TextLink>
                  <Badge tone={effect.tone} icon={effect.icon}>
                    {effect.label}
                  </Badge>
                </span>
                <span className="text-muted text-xs">{sync.explanation}</span>
              </li>
            );
          })}
        </ul>
        <RolloutChoice choices={choices} value={rollout} onChange={setRollout} />
      </div>
    </ConfirmDialog>
  );
}
