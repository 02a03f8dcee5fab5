'use client';

import { slugify } from '@sluice/domain/slug';
import { syncModes } from '@sluice/domain/sync-mode';
import { Card } from '@sluice/ui/Card';
import { DefinitionList } from '@sluice/ui/DefinitionList';
import { Field } from '@sluice/ui/Field';
import { Input } from '@sluice/ui/Input';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { DoubtFields } from './DoubtFields.tsx';
import { DryRunPanel } from './DryRunPanel.tsx';
import { draftInput } from './draft-input.ts';
import { GuardFields } from './GuardFields.tsx';
import { scheduleWords } from './schedule-words.ts';
import type { StepProps } from './step-props.ts';
import { mappingWords, removalWords } from './summary-words.ts';
import { useCannotTellRepeat } from './use-cannot-tell-repeat.ts';

/** Everything at a glance, guards, and a dry run before the first real one. */
export function ReviewStep({ draft, onChange, queries, problems, syncId }: StepProps) {
  const { whyNot } = useWorkspace();
  const model = queries.model.data;
  const destination = queries.destination.data;
  const { object } = queries.facts;
  const cannotTellRepeat = useCannotTellRepeat(destination?.type);
  const mode = draft.mode && syncModes[draft.mode];
  return (
    <div className="flex min-w-0 flex-col gap-5">
      <Card title="Summary">
        <DefinitionList
          items={[
            { label: 'Model', value: model ? `${model.name} (${model.sourceName})` : '…' },
            {
              label: 'Destination',
              value: `${destination?.name ?? '…'}${object && object.mapping === 'fields' ? `, ${object.label}` : ''}`,
            },
            { label: 'Mode', value: mode ? `${mode.label}: ${mode.summary}` : '–' },
            { label: 'Rows that leave the model', value: removalWords(draft) },
            ...(mode?.needsMatchKey && !object?.noMatchKey
              ? [{ label: 'Match key', value: `${draft.matchKey.from} → ${draft.matchKey.to}` }]
              : []),
            ...(object?.mapping === 'fields' && !object.membersOnly
              ? [{ label: 'Mappings', value: mappingWords(draft) }]
              : []),
            { label: 'Schedule', value: scheduleWords(draft.schedule) },
          ]}
        />
      </Card>
      <Card
        title="Guards"
        description="A run that would do more than this stops before it sends anything, and says so."
      >
        <GuardFields guards={draft.guards} onChange={(guards) => onChange({ ...draft, guards })} />
      </Card>
      {cannotTellRepeat && (
        <Card
          title="Rows in doubt"
          description="A row that was sent and whose answer was lost may or may not have arrived."
        >
          <DoubtFields
            value={draft.doubt}
            onChange={(doubt) => onChange({ ...draft, doubt })}
            cannotTellRepeat
          />
        </Card>
      )}
      {syncId === null && (
        <Card title="Name">
          <Field
            label="Slug"
            optional
            help="How the API and orchestrators name the sync."
            error={problems.slug}
          >
            {(aria) => (
              <Input
                {...aria}
                mono
                autoComplete="off"
                placeholder={slugify(`${model?.name ?? ''} ${destination?.name ?? ''}`)}
                value={draft.slug}
                onChange={(event) => onChange({ ...draft, slug: event.target.value })}
              />
            )}
          </Field>
        </Card>
      )}
      <DryRunPanel input={draftInput(draft, queries.facts, syncId)} disabledReason={whyNot('sync.write')} />
    </div>
  );
}
