'use client';

import { slugify } from '@sluice/domain/slug';
import { Field } from '@sluice/ui/Field';
import { Input } from '@sluice/ui/Input';
import { Textarea } from '@sluice/ui/Textarea';
import type { ModelDraft } from './model-draft.ts';

/** Name, slug and description of a model. The slug of a saved model stays: orchestrators name it. */
export function ModelDetails({
  draft,
  onChange,
  errors,
  slugFixed,
}: {
  draft: ModelDraft;
  onChange: (part: Partial<ModelDraft>) => void;
  errors: Record<string, string>;
  slugFixed: boolean;
}) {
  return (
    <div className="flex flex-col gap-5">
      <Field label="Name" required error={errors.name} help="What a row is: “Active users”, “Open invoices”.">
        {(aria) => (
          <Input
            {...aria}
            name="name"
            autoComplete="off"
            value={draft.name}
            onChange={(event) => onChange({ name: event.target.value })}
          />
        )}
      </Field>
      {!slugFixed && (
        <Field
          label="Slug"
          optional
          error={errors.slug}
          help="How the API names it. Made from the name if empty."
        >
          {(aria) => (
            <Input
              {...aria}
              name="slug"
              mono
              autoComplete="off"
              placeholder={draft.name.trim() ? slugify(draft.name) : 'active-users'}
              value={draft.slug}
              onChange={(event) => onChange({ slug: event.target.value })}
            />
          )}
        </Field>
      )}
      <Field label="Description" optional error={errors.description}>
        {(aria) => (
          <Textarea
            {...aria}
            name="description"
            rows={2}
            value={draft.description}
            onChange={(event) => onChange({ description: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}
