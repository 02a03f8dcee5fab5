'use client';

import { takesAllColumns } from '@sluice/domain/connector';
import { syncModes } from '@sluice/domain/sync-mode';
import { Button } from '@sluice/ui/Button';
import { FieldError } from '@sluice/ui/Field';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { toast } from '@sluice/ui/Toast';
import { useQueryClient } from '@tanstack/react-query';
import { Columns3, Plus, Sparkles } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { MappingRow } from './MappingRow.tsx';
import { MatchKeyRow } from './MatchKeyRow.tsx';
import { type MappingDraft, newMappingDraft, otherColumns } from './mapping-draft.ts';
import { RefreshFields } from './RefreshFields.tsx';
import type { StepProps } from './step-props.ts';
import { applySuggestions } from './suggest.ts';
import { type SyncDraft, sentMappings, suggestionKey } from './sync-draft.ts';

/** Field by field: the match key on top, then one line per mapping; suggested by name when first opened. */
export function MappingTable(props: StepProps) {
  const { draft, onChange, queries, problems } = props;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [suggesting, setSuggesting] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const latest = useRef(draft);
  latest.current = draft;
  const { columns, object } = queries.facts;
  const keyed = Boolean(draft.mode && syncModes[draft.mode].needsMatchKey && !object?.noMatchKey);
  const asked = useRef<string | null>(null);

  const suggest = async (announce: boolean) => {
    const { modelId, destinationId, object: objectId } = latest.current;
    if (modelId === null || destinationId === null || objectId === null || !object || !columns) return;
    setSuggesting(true);
    setFailed(null);
    try {
      const found = await queryClient.fetchQuery(
        trpc.sync.suggestMappings.queryOptions({ modelId, destinationId, object: objectId }),
      );
      const before = latest.current;
      const next: SyncDraft = applySuggestions(before, found, object, queries.model.data?.primaryKey);
      onChange({ ...next, suggestedFor: suggestionKey(modelId, objectId) });
      if (announce) {
        const added = next.mappings.length - before.mappings.length;
        toast.success({ title: added > 0 ? `Added ${added} mappings.` : 'Nothing more to suggest.' });
      }
    } catch (thrown) {
      setFailed(thrown);
    } finally {
      setSuggesting(false);
    }
  };
  const key =
    draft.modelId !== null && draft.object !== null && object && columns
      ? suggestionKey(draft.modelId, draft.object)
      : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asks once per model and object, whatever else changes
  useEffect(() => {
    if (key === null || draft.suggestedFor === key || asked.current === key) return;
    asked.current = key;
    void suggest(false);
  }, [key, draft.suggestedFor]);

  if (queries.detail.error) {
    return (
      <ErrorCallout
        error={queries.detail.error}
        title="The fields of the object could not be read."
        onRetry={() => void queries.detail.refetch()}
      />
    );
  }
  if (!object || columns === null) return <SkeletonLines lines={8} label="Reading the fields…" />;

  if (takesAllColumns(draft.options)) {
    return (
      <p className="rounded-lg border bg-surface px-4 py-5 text-muted text-sm">
        All columns of the model go along under their own names, and new ones as they come.
      </p>
    );
  }
  const sent = sentMappings(draft);
  const taken = new Set([...draft.mappings.map(({ to }) => to), ...(keyed ? [draft.matchKey.to] : [])]);
  const others = otherColumns(draft, columns, taken);
  const update = (id: string, part: Partial<MappingDraft>) =>
    onChange({
      ...draft,
      mappings: draft.mappings.map((mapping) => (mapping.id === id ? { ...mapping, ...part } : mapping)),
    });
  return (
    <div className="flex flex-col gap-3">
      <div className="overflow-hidden rounded-lg border bg-surface">
        {keyed && <MatchKeyRow {...props} />}
        <ol aria-label="Mappings" className="flex flex-col">
          {draft.mappings.map((mapping) => (
            <MappingRow
              key={mapping.id}
              mapping={mapping}
              columns={columns}
              fields={object.fields}
              openFields={object.openFields === true}
              taken={taken}
              problem={(part) =>
                sent.includes(mapping)
                  ? problems[`configuration.mappings.${sent.indexOf(mapping)}.${part}`]
                  : undefined
              }
              onChange={(part) => update(mapping.id, part)}
              onRemove={() =>
                onChange({ ...draft, mappings: draft.mappings.filter(({ id }) => id !== mapping.id) })
              }
            />
          ))}
          {draft.mappings.length === 0 && (
            <li className="px-4 py-5 text-center text-muted text-sm">
              {suggesting
                ? 'Looking for columns that fit…'
                : object.membersOnly
                  ? 'Members have no fields: the match key says who they are.'
                  : 'Nothing is mapped yet.'}
            </li>
          )}
        </ol>
        <div className="flex flex-wrap gap-2 border-t bg-sunken px-3 py-2 sm:px-4">
          {!object.membersOnly && (
            <Button
              size="sm"
              onClick={() => onChange({ ...draft, mappings: [...draft.mappings, newMappingDraft()] })}
            >
              <Plus />
              Add a mapping
            </Button>
          )}
          {object.fields.length > 0 && (
            <Button size="sm" variant="ghost" loading={suggesting} onClick={() => void suggest(true)}>
              {!suggesting && <Sparkles />}
              Suggest by name
            </Button>
          )}
          {object.openFields && (
            <Button
              size="sm"
              variant="ghost"
              disabledReason={others.length === 0 ? 'Every column is mapped.' : null}
              onClick={() => onChange({ ...draft, mappings: [...draft.mappings, ...others] })}
            >
              <Columns3 />
              {taken.size === 0 ? 'Add all columns' : 'Add the other columns'}
            </Button>
          )}
          {object.fields.length > 0 && (
            <RefreshFields destinationId={draft.destinationId} object={draft.object} onFailure={setFailed} />
          )}
        </div>
      </div>
      {problems['configuration.mappings'] && (
        <div tabIndex={-1} data-problem className="focus-ring rounded-md">
          <FieldError>{problems['configuration.mappings']}</FieldError>
        </div>
      )}
      {failed !== null && <ErrorCallout error={failed} title="No mappings could be suggested." />}
    </div>
  );
}
