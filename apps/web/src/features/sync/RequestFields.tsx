'use client';

import type { ChangeClass } from '@sluice/domain/change';
import type { Column } from '@sluice/domain/column';
import { Button, IconButton } from '@sluice/ui/Button';
import { Field, FieldError } from '@sluice/ui/Field';
import { Input } from '@sluice/ui/Input';
import { Segmented } from '@sluice/ui/Segmented';
import { Select } from '@sluice/ui/Select';
import { Plus, Trash2 } from 'lucide-react';
import { exampleBody } from './example-body.ts';
import { bodyTypes, httpMethods, type RequestForm } from './http-options.ts';
import { TemplateInput } from './TemplateInput.tsx';

/** Method, URL, headers and body of the request for one class of rows. */
export function RequestFields({
  name,
  request,
  onChange,
  columns,
  batched,
  baseUrl,
  problem,
}: {
  name: ChangeClass;
  request: RequestForm;
  onChange: (request: RequestForm) => void;
  columns: readonly Column[];
  batched: boolean;
  baseUrl: string | null;
  problem: (path: string) => string | undefined;
}) {
  const update = (part: Partial<RequestForm>) => onChange({ ...request, ...part });
  const example = exampleBody(
    request.bodyType,
    columns.map((column) => column.name),
    batched,
  );
  return (
    <div className="flex flex-col gap-5">
      {problem('') && <FieldError>{problem('')}</FieldError>}
      <div className="grid gap-3 sm:grid-cols-[7rem_minmax(0,1fr)]">
        <Field label="Method" error={problem('method')}>
          {({ id, 'aria-describedby': describedBy }) => (
            <Select
              id={id}
              aria-describedby={describedBy}
              value={request.method}
              onChange={(method) => update({ method })}
              options={httpMethods.map((method) => ({ value: method, label: method }))}
            />
          )}
        </Field>
        <Field
          label="URL"
          error={problem('url')}
          help={
            baseUrl
              ? `Below ${baseUrl}. Empty = the base URL itself.`
              : 'Below the base URL of the destination.'
          }
        >
          {(aria) => (
            <Input
              {...aria}
              mono
              autoComplete="off"
              spellCheck={false}
              placeholder={name === 'added' || batched ? '/contacts' : '/contacts/{{ row.id }}'}
              value={request.url}
              onChange={(event) => update({ url: event.target.value })}
            />
          )}
        </Field>
      </div>
      <RequestHeaders request={request} onChange={update} problem={problem} />
      {request.method !== 'GET' && (
        <div className="flex flex-col gap-2">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <span className="font-medium text-ink text-sm">Body</span>
            <Segmented
              label="Type of the body"
              value={request.bodyType}
              onChange={(bodyType) => update({ bodyType })}
              options={(Object.keys(bodyTypes) as (keyof typeof bodyTypes)[]).map((value) => ({
                value,
                label: bodyTypes[value],
              }))}
            />
          </div>
          <TemplateInput
            label={`Body of the request for ${name} rows`}
            value={request.body}
            onChange={(body) => update({ body })}
            columns={columns}
            batched={batched}
            placeholder={example}
            invalid={Boolean(problem('body'))}
            minHeight="8rem"
          />
          {problem('body') && <FieldError>{problem('body')}</FieldError>}
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-faint text-xs">
            <span>
              Empty sends {batched ? 'all columns of the rows, as {"rows": […]}' : 'all columns of the row'}.
              Type <code className="font-mono">{'{{'}</code> for columns.
            </span>
            {request.body === '' && (
              <Button size="sm" variant="ghost" onClick={() => update({ body: example })}>
                Start from an example
              </Button>
            )}
          </div>
        </div>
      )}
    </div>
  );
}

function RequestHeaders({
  request,
  onChange,
  problem,
}: {
  request: RequestForm;
  onChange: (part: Partial<RequestForm>) => void;
  problem: (path: string) => string | undefined;
}) {
  const update = (index: number, part: { name?: string; value?: string }) =>
    onChange({
      headers: request.headers.map((header, at) => (at === index ? { ...header, ...part } : header)),
    });
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 font-medium text-ink text-sm">Headers</legend>
      {request.headers.map((header, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: headers have no identity of their own, and order is kept
        <div key={index} className="flex flex-col gap-1">
          <div className="flex items-center gap-2">
            <Input
              mono
              aria-label={`Name of header ${index + 1}`}
              aria-invalid={Boolean(problem(`headers.${index}.name`)) || undefined}
              placeholder="X-Source"
              value={header.name}
              onChange={(event) => update(index, { name: event.target.value })}
            />
            <Input
              mono
              aria-label={`Value of header ${index + 1}`}
              placeholder="sluice-{{ context.run-id }}"
              value={header.value}
              onChange={(event) => update(index, { value: event.target.value })}
            />
            <IconButton
              label={`Remove header ${header.name || index + 1}`}
              onClick={() => onChange({ headers: request.headers.filter((_, at) => at !== index) })}
            >
              <Trash2 />
            </IconButton>
          </div>
          {problem(`headers.${index}.name`) && <FieldError>{problem(`headers.${index}.name`)}</FieldError>}
          {problem(`headers.${index}.value`) && <FieldError>{problem(`headers.${index}.value`)}</FieldError>}
        </div>
      ))}
      <Button
        size="sm"
        className="self-start"
        onClick={() => onChange({ headers: [...request.headers, { name: '', value: '' }] })}
      >
        <Plus />
        Add header
      </Button>
      <p className="text-faint text-xs">Secret headers, such as API keys, belong to the destination.</p>
    </fieldset>
  );
}
