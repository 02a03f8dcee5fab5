'use client';

import { type StepPolicyName, stepPolicies } from '@sluice/domain/sequence';
import type { SyncView } from '@sluice/domain/sync';
import { IconButton } from '@sluice/ui/Button';
import { Combobox } from '@sluice/ui/Combobox';
import { Field } from '@sluice/ui/Field';
import { Input } from '@sluice/ui/Input';
import { Select } from '@sluice/ui/Select';
import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react';
import { statusWords } from '#features/run/run-status.ts';
import type { StepDraft } from './sequence-draft.ts';
import { percentOf, policyWords } from './sequence-words.ts';

/** One step: its sync, its policy, and the buttons that move and remove it. */
export function StepEditor({
  step,
  index,
  count,
  syncs,
  problems,
  onChange,
  onMove,
  onRemove,
}: {
  step: StepDraft;
  index: number;
  count: number;
  syncs: readonly SyncView[];
  problems: Record<string, string>;
  onChange: (step: StepDraft) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}) {
  const { policy } = step;
  const place = `step ${index + 1}`;
  const chosen = syncs.find(({ id }) => id === step.syncId);
  const problem = problems[`steps.${index}.syncId`] ?? null;
  return (
    <li className="flex flex-col gap-3 rounded-lg border bg-surface p-3">
      <div className="flex items-center justify-between gap-2">
        <h3 className="font-medium text-ink text-sm">Step {index + 1}</h3>
        <div className="flex items-center gap-1">
          <IconButton
            size="icon-sm"
            label={`Move ${place} up`}
            data-move={`${step.key}-up`}
            disabled={index === 0}
            onClick={() => onMove(-1)}
          >
            <ArrowUp />
          </IconButton>
          <IconButton
            size="icon-sm"
            label={`Move ${place} down`}
            data-move={`${step.key}-down`}
            disabled={index === count - 1}
            onClick={() => onMove(1)}
          >
            <ArrowDown />
          </IconButton>
          <IconButton size="icon-sm" label={`Remove ${place}`} onClick={onRemove}>
            <Trash2 />
          </IconButton>
        </div>
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="Sync"
          required
          error={problem}
          help={chosen?.disabled ? 'This sync is disabled: enable it, or the step fails.' : undefined}
        >
          {(aria) => (
            <Combobox
              {...aria}
              value={step.syncId === null ? '' : String(step.syncId)}
              onChange={(id) => onChange({ ...step, syncId: Number(id) })}
              placeholder="Choose a sync…"
              searchPlaceholder="Search syncs…"
              options={syncs.map((sync) => ({
                value: String(sync.id),
                label: `${sync.modelName} → ${sync.destinationName}`,
                help: sync.slug,
                detail: statusWords[sync.status].label,
              }))}
            />
          )}
        </Field>
        <Field label="Then" help={policyWords[policy.type].help}>
          {({ id, 'aria-describedby': describedBy }) => (
            <Select<StepPolicyName>
              id={id}
              aria-describedby={describedBy}
              value={policy.type}
              onChange={(type) => onChange({ ...step, policy: policyOfType(type) })}
              options={stepPolicies.map((value) => ({ value, ...policyWords[value] }))}
            />
          )}
        </Field>
        {policy.type === 'stop_on_fatal_or_rejections' && (
          <div className="sm:col-start-2">
            <Field
              label="Rejected rows allowed"
              error={
                problems[`steps.${index}.policy.rejectedShareMax`] && 'Write a percentage from 0 to 100.'
              }
              help="Of the rows that the run planned. 0 stops at the first rejected row."
            >
              {(aria) => (
                <Input
                  {...aria}
                  type="number"
                  min={0}
                  max={100}
                  step="any"
                  suffix="%"
                  value={Number.isFinite(policy.rejectedShareMax) ? percentOf(policy.rejectedShareMax) : ''}
                  onChange={(event) =>
                    onChange({
                      ...step,
                      policy: { ...policy, rejectedShareMax: event.target.valueAsNumber / 100 },
                    })
                  }
                />
              )}
            </Field>
          </div>
        )}
      </div>
    </li>
  );
}

const policyOfType = (type: StepPolicyName): StepDraft['policy'] =>
  type === 'stop_on_fatal_or_rejections' ? { type, rejectedShareMax: 0.05 } : { type };
