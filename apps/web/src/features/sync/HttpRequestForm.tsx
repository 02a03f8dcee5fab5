'use client';

import { changeClasses } from '@sluice/domain/change';
import { Callout } from '@sluice/ui/Callout';
import { Card } from '@sluice/ui/Card';
import { Field } from '@sluice/ui/Field';
import { Input } from '@sluice/ui/Input';
import { Segmented } from '@sluice/ui/Segmented';
import { useState } from 'react';
import { ClassMark } from '#features/run/ClassMark.tsx';
import { AnswerRulesForm } from './AnswerRulesForm.tsx';
import { type HttpOptionsForm, httpOptionsOf, newRequest } from './http-options.ts';
import { RequestFields } from './RequestFields.tsx';
import type { StepProps } from './step-props.ts';

/** The requests of an HTTP destination: one per class of rows, how many at once, and what the answers mean. */
export function HttpRequestForm({ draft, onChange, queries, problems }: StepProps) {
  const shown = changeClasses.filter((name) => draft.triggers.includes(name));
  const [chosen, setChosen] = useState(shown[0] ?? 'added');
  const current = shown.includes(chosen) ? chosen : shown[0];
  const options = httpOptionsOf(draft.options);
  const update = (part: Partial<HttpOptionsForm>) => onChange({ ...draft, options: { ...options, ...part } });
  const problem = (path: string) => problems[`configuration.options.${path}`];
  const columns = queries.facts.columns ?? [];
  const baseUrl = queries.destination.data?.configuration.baseUrl;
  if (!current) {
    return (
      <Callout tone="caution" title="No request is switched on.">
        Go back one step, and choose for which rows a request is sent.
      </Callout>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <Card
        title="Requests"
        description="Each class of rows has its own request. URL, headers and body are Liquid templates."
        actions={
          <Segmented
            label="Request for"
            value={current}
            onChange={setChosen}
            options={shown.map((name) => ({ value: name, label: <ClassMark name={name} /> }))}
          />
        }
      >
        <RequestFields
          key={current}
          name={current}
          request={options[current] ?? newRequest(current)}
          onChange={(request) => update({ [current]: request })}
          columns={columns}
          batched={options.batchSize > 1}
          baseUrl={typeof baseUrl === 'string' ? baseUrl : null}
          problem={(path) => problem(`${current}.${path}`) ?? (path === '' ? problem(current) : undefined)}
        />
      </Card>
      <Card title="Batches and pace">
        <div className="grid gap-4 sm:grid-cols-3">
          <NumberField
            label="Rows per request"
            help="Above 1, templates see rows instead of row."
            value={options.batchSize}
            error={problem('batchSize')}
            onChange={(value) => update({ batchSize: value ?? 1 })}
          />
          <NumberField
            label="Requests per second"
            help="Empty = as fast as possible."
            value={options.requestsPerSecond}
            error={problem('requestsPerSecond')}
            onChange={(requestsPerSecond) => update({ requestsPerSecond })}
          />
          <NumberField
            label="Requests at once"
            help="How many may wait for an answer."
            value={options.concurrency}
            error={problem('concurrency')}
            onChange={(value) => update({ concurrency: value ?? 1 })}
          />
        </div>
      </Card>
      <AnswerRulesForm options={options} onChange={update} problem={problem} />
    </div>
  );
}

function NumberField({
  label,
  help,
  value,
  error,
  onChange,
}: {
  label: string;
  help: string;
  value: number | null;
  error: string | undefined;
  onChange: (value: number | null) => void;
}) {
  return (
    <Field label={label} help={help} error={error}>
      {(aria) => (
        <Input
          {...aria}
          type="number"
          step="any"
          value={value ?? ''}
          onChange={(event) => onChange(event.target.value === '' ? null : event.target.valueAsNumber)}
        />
      )}
    </Field>
  );
}
