'use client';

import type { SyncView } from '@sluice/domain/sync';
import { Checkbox } from '@sluice/ui/Checkbox';
import { FieldError } from '@sluice/ui/Field';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { type Control, useController } from 'react-hook-form';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import type { NewTokenForm } from './new-token.ts';

/** Boxes for the syncs a token is limited to. */
export function SyncChoice({
  control,
  name,
  syncs,
  error,
}: {
  control: Control<NewTokenForm>;
  name: 'syncIds';
  syncs: readonly Pick<SyncView, 'id' | 'slug' | 'modelName' | 'destinationName'>[] | undefined;
  error: unknown;
}) {
  const { field, fieldState } = useController({ control, name });
  if (error) return <ErrorCallout error={error} title="The syncs could not be loaded." />;
  if (!syncs) return <SkeletonLines lines={2} label="Loading the syncs…" />;
  const toggle = (id: number, chosen: boolean) =>
    field.onChange(chosen ? [...field.value, id] : field.value.filter((other) => other !== id));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="sr-only">Syncs</legend>
      {syncs.length === 0 && <p className="text-muted text-sm">This workspace has no sync yet.</p>}
      <div className="flex max-h-48 flex-col gap-2 overflow-y-auto rounded-md border p-3 empty:hidden">
        {syncs.map((sync) => (
          <Checkbox
            key={sync.id}
            checked={field.value.includes(sync.id)}
            onChange={(chosen) => toggle(sync.id, chosen)}
            label={`${sync.modelName} → ${sync.destinationName}`}
            help={sync.slug}
          />
        ))}
      </div>
      {fieldState.error && <FieldError>{fieldState.error.message}</FieldError>}
    </fieldset>
  );
}
