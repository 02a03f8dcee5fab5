'use client';

import { ButtonLink } from '@sluice/ui/Button';
import { Combobox } from '@sluice/ui/Combobox';
import { DefinitionList } from '@sluice/ui/DefinitionList';
import { EmptyState } from '@sluice/ui/EmptyState';
import { Field } from '@sluice/ui/Field';
import { TextLink } from '@sluice/ui/TextLink';
import { useQuery } from '@tanstack/react-query';
import { Table2 } from 'lucide-react';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import type { StepProps } from './step-props.ts';
import { changeModel } from './sync-draft.ts';

/** Which rows are sent. */
export function ModelStep({ draft, onChange, queries, problems }: StepProps) {
  const trpc = useTRPC();
  const { paths } = useWorkspace();
  const models = useQuery(trpc.model.list.queryOptions());
  const chosen = queries.model.data;
  if (models.data?.length === 0) {
    return (
      <EmptyState
        icon={<Table2 />}
        title="Create a model first"
        action={
          <ButtonLink variant="primary" href={paths.models.new}>
            Create a model
          </ButtonLink>
        }
      >
        A sync sends the rows of a model: a query or a table with a primary key.
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      {models.error != null && <ErrorCallout error={models.error} onRetry={() => void models.refetch()} />}
      <Field
        label="Model"
        required
        error={problems.modelId}
        help="Each row of it becomes one record at the destination."
      >
        {(aria) => (
          <Combobox
            {...aria}
            value={draft.modelId === null ? '' : String(draft.modelId)}
            placeholder="Choose a model…"
            onChange={(id) => onChange(changeModel(draft, Number(id)))}
            options={(models.data ?? []).map((model) => ({
              value: String(model.id),
              label: model.name,
              detail: model.sourceName,
            }))}
            footer={<TextLink href={paths.models.new}>Create another model</TextLink>}
          />
        )}
      </Field>
      {queries.model.error != null && (
        <ErrorCallout error={queries.model.error} title="The model could not be loaded." />
      )}
      {chosen && chosen.id === draft.modelId && (
        <DefinitionList
          items={[
            { label: 'Source', value: chosen.sourceName },
            { label: 'Primary key', value: <code className="font-mono text-xs">{chosen.primaryKey}</code> },
            {
              label: 'Columns',
              value:
                chosen.columns.length === 0
                  ? 'Not read yet; open the model and run its preview.'
                  : chosen.columns.map(({ name }) => name).join(', '),
            },
          ]}
        />
      )}
    </div>
  );
}
