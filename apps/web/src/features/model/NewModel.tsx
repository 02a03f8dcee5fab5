'use client';

import type { QueryPreview } from '@sluice/domain/model';
import type { StoredQuery } from '@sluice/domain/query';
import { Button, ButtonLink } from '@sluice/ui/Button';
import { Card } from '@sluice/ui/Card';
import { EmptyState } from '@sluice/ui/EmptyState';
import { FieldError } from '@sluice/ui/Field';
import { Page } from '@sluice/ui/Page';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { TextLink } from '@sluice/ui/TextLink';
import { toast } from '@sluice/ui/Toast';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Database } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { parseAsInteger, useQueryState } from 'nuqs';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useStoredState } from '#features/list/use-stored-state.ts';
import { SourcePicker } from '#features/source/SourcePicker.tsx';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC, useTRPCClient } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { shownError } from '#trpc/error.ts';
import { KeyPicker } from './KeyPicker.tsx';
import { ModelDetails } from './ModelDetails.tsx';
import { draftOn, emptyModelDraft, ModelDraft, queryOf, sameQuery } from './model-draft.ts';
import { modelProblems } from './model-problems.ts';
import { QueryEditor } from './QueryEditor.tsx';
import { useCancellable } from './use-cancellable.ts';

/** Writes a model: source, query, primary key, name. The draft survives a reload. */
export function NewModel() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { slug, paths, whyNot } = useWorkspace();
  const [sourceParam, setSourceParam] = useQueryState('source', parseAsInteger);
  const stored = useStoredState(`sluice:${slug}:new-model`, ModelDraft, emptyModelDraft);
  const form = useRef<HTMLFormElement>(null);
  const [submitted, setSubmitted] = useState(false);
  const sources = useQuery(trpc.source.list.queryOptions());
  const only = sources.data?.length === 1 ? sources.data[0]?.id : undefined;
  const sourceId = sourceParam ?? stored.value.sourceId ?? only ?? null;
  const draft = draftOn(stored.value, sourceId);
  const query = queryOf(draft);

  const preview = useCancellable<StoredQuery, QueryPreview>((input, signal) =>
    client.model.preview.mutate({ sourceId: sourceId ?? 0, query: input }, { signal }),
  );
  const columns =
    preview.result && sameQuery(preview.result.input, query) ? preview.result.data.columns : null;
  const create = useMutation(
    trpc.model.create.mutationOptions({
      onSuccess: async (model) => {
        stored.clear();
        toast.success({ title: `Created ${model.name}.` });
        await queryClient.invalidateQueries({ queryKey: trpc.model.list.queryKey() });
        router.push(paths.models.detail(model.id));
      },
    }),
  );
  const problems = submitted ? modelProblems(draft, columns) : {};
  const errors = { ...(create.error ? shownError(create.error).fields : undefined), ...problems };
  const firstError = Object.values(errors)[0];
  useEffect(() => {
    if (firstError !== undefined) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [firstError]);

  const change = (part: Partial<ModelDraft>) => {
    create.reset();
    stored.setValue((before) => ({ ...draftOn(before, sourceId), ...part }));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (!query || sourceId === null || Object.keys(modelProblems(draft, columns)).length > 0) return;
    create.mutate({
      name: draft.name,
      slug: draft.slug === '' ? undefined : draft.slug,
      description: draft.description,
      sourceId,
      query,
      primaryKey: draft.primaryKey,
    });
  };

  return (
    <Page
      title="Create a model"
      description="A model is a query or a table whose rows are sent. Each row needs a primary key, by which Sluice follows it."
    >
      <PageTitle parts={['Create a model']} />
      {sources.error != null && <ErrorCallout error={sources.error} onRetry={() => void sources.refetch()} />}
      {!stored.loaded || sources.isPending ? (
        <SkeletonLines lines={8} />
      ) : sources.data?.length === 0 ? (
        <EmptyState
          icon={<Database />}
          title="Connect a source first"
          action={
            <ButtonLink variant="primary" href={paths.sources.new}>
              Connect a source
            </ButtonLink>
          }
        >
          A model reads its rows from a source: a database, a warehouse, or the sample data.
        </EmptyState>
      ) : (
        <form ref={form} onSubmit={submit} noValidate className="flex min-w-0 flex-col gap-4">
          <Card title="1. Source">
            <SourcePicker
              value={sourceId}
              error={errors.sourceId}
              onChange={(id) => {
                preview.reset();
                void setSourceParam(id);
                change(draftOn(draft, id));
              }}
            />
          </Card>
          {sourceId !== null && (
            <>
              <Card title="2. Query">
                <QueryEditor
                  key={sourceId}
                  sourceId={sourceId}
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
                <Card title="3. Primary key">
                  <KeyPicker
                    sourceId={sourceId}
                    query={query}
                    columns={columns}
                    value={draft.primaryKey}
                    onChange={(primaryKey) => change({ primaryKey })}
                    error={errors.primaryKey}
                    mayInspect={whyNot('model.preview') === null}
                  />
                </Card>
                <Card title="4. Name">
                  <ModelDetails draft={draft} onChange={change} errors={errors} slugFixed={false} />
                </Card>
              </div>
              {create.error != null && <ErrorCallout error={create.error} title="The model was not saved." />}
              <div className="flex flex-wrap items-center justify-end gap-3">
                <TextLink href={paths.models.list}>Back to the models</TextLink>
                <Button
                  type="submit"
                  variant="primary"
                  loading={create.isPending}
                  disabledReason={whyNot('model.write')}
                >
                  Create model
                </Button>
              </div>
            </>
          )}
        </form>
      )}
    </Page>
  );
}
