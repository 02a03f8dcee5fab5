'use client';

import type { Rollout } from '@sluice/domain/edit-effect';
import type { ModelImpact, ModelView, QueryPreview } from '@sluice/domain/model';
import type { StoredQuery } from '@sluice/domain/query';
import { Button } from '@sluice/ui/Button';
import { Card } from '@sluice/ui/Card';
import { FieldError } from '@sluice/ui/Field';
import { toast } from '@sluice/ui/Toast';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC, useTRPCClient } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { shownError } from '#trpc/error.ts';
import { ImpactDialog, needsConsent } from './ImpactDialog.tsx';
import { KeyPicker } from './KeyPicker.tsx';
import { ModelDetails } from './ModelDetails.tsx';
import { type ModelDraft, modelDraftOf, queryOf, sameQuery } from './model-draft.ts';
import { modelProblems } from './model-problems.ts';
import { QueryEditor } from './QueryEditor.tsx';
import { useCancellable } from './use-cancellable.ts';

/** Changes a saved model. What the change does to its syncs is shown before anything is saved. */
export function ModelEditor({ model }: { model: ModelView }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const { whyNot } = useWorkspace();
  const [draft, setDraft] = useState(() => modelDraftOf(model));
  const [submitted, setSubmitted] = useState(false);
  const [impact, setImpact] = useState<ModelImpact | null>(null);
  const [impactError, setImpactError] = useState<unknown>(null);
  const [asking, setAsking] = useState(false);
  const preview = useCancellable<StoredQuery, QueryPreview>((input, signal) =>
    client.model.preview.mutate({ sourceId: model.sourceId, query: input }, { signal }),
  );
  const query = queryOf(draft);
  const columns =
    preview.result && sameQuery(preview.result.input, query)
      ? preview.result.data.columns
      : sameQuery(query, model.query)
        ? model.columns
        : null;
  const update = useMutation(
    trpc.model.update.mutationOptions({
      onSuccess: async (saved) => {
        setImpact(null);
        setDraft(modelDraftOf(saved));
        setSubmitted(false);
        toast.success({ title: `Saved ${saved.name}.` });
        await Promise.all([
          queryClient.invalidateQueries({ queryKey: trpc.model.pathKey() }),
          queryClient.invalidateQueries({ queryKey: trpc.sync.pathKey() }),
        ]);
      },
    }),
  );
  const problems = submitted ? modelProblems(draft, columns) : {};
  const errors: Record<string, string> = {
    ...(update.error ? shownError(update.error).fields : undefined),
    ...problems,
  };
  const queryChanged = !sameQuery(query, model.query);
  const keyChanged = draft.primaryKey !== model.primaryKey;
  const changed =
    queryChanged || keyChanged || draft.name !== model.name || draft.description !== model.description;

  const save = (accepted: boolean, rollout?: Rollout) =>
    update.mutate({
      id: model.id,
      name: draft.name,
      description: draft.description,
      ...(query && queryChanged && { query }),
      ...(keyChanged && { primaryKey: draft.primaryKey }),
      acceptFullResync: accepted,
      ...(rollout && { rollout }),
    });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setSubmitted(true);
    setImpactError(null);
    if (!query || Object.keys(modelProblems(draft, columns)).length > 0) return;
    if ((!queryChanged && !keyChanged) || model.syncs.length === 0) {
      save(true);
      return;
    }
    setAsking(true);
    try {
      const found = await client.model.impact.query({
        id: model.id,
        ...(queryChanged && { query }),
        ...(keyChanged && { primaryKey: draft.primaryKey }),
      });
      if (needsConsent(found)) setImpact(found);
      else save(false);
    } catch (thrown) {
      setImpactError(thrown);
    } finally {
      setAsking(false);
    }
  };
  const change = (part: Partial<ModelDraft>) => {
    update.reset();
    setImpactError(null);
    setDraft((before) => ({ ...before, ...part }));
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex min-w-0 flex-col gap-4">
      <Card title="Query">
        <QueryEditor
          sourceId={model.sourceId}
          draft={draft}
          onChange={change}
          preview={preview}
          previewDisabled={whyNot('model.preview')}
        />
        {errors.query && (
          <div className="mt-3">
            <FieldError>{errors.query}</FieldError>
          </div>
        )}
      </Card>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Card title="Primary key">
          <KeyPicker
            sourceId={model.sourceId}
            query={query}
            columns={columns && columns.length > 0 ? columns : null}
            value={draft.primaryKey}
            onChange={(primaryKey) => change({ primaryKey })}
            error={errors.primaryKey}
            mayInspect={whyNot('model.preview') === null}
          />
        </Card>
        <Card title="Name">
          <ModelDetails draft={draft} onChange={change} errors={errors} slugFixed />
        </Card>
      </div>
      <ErrorCallout error={impactError} title="What the change does to the syncs could not be found out." />
      {update.error != null && !impact && (
        <ErrorCallout error={update.error} title="The model was not saved." />
      )}
      <div className="sticky bottom-0 z-sticky -mx-4 flex flex-wrap items-center justify-end gap-3 border-t bg-canvas px-4 py-3">
        {changed && (
          <Button
            onClick={() => {
              setDraft(modelDraftOf(model));
              setSubmitted(false);
              preview.reset();
              update.reset();
            }}
          >
            Discard changes
          </Button>
        )}
        <Button
          type="submit"
          variant="primary"
          loading={asking || (update.isPending && !impact)}
          disabledReason={whyNot('model.write') ?? (changed ? null : 'Nothing has changed.')}
        >
          Save changes
        </Button>
      </div>
      {impact && (
        <ImpactDialog
          impact={impact}
          saving={update.isPending}
          error={update.error}
          onConfirm={(rollout) => save(true, rollout)}
          onClose={() => setImpact(null)}
        />
      )}
    </form>
  );
}
