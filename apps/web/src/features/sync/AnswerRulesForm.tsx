'use client';

import { Card } from '@sluice/ui/Card';
import { Checkbox } from '@sluice/ui/Checkbox';
import { Field } from '@sluice/ui/Field';
import { Input } from '@sluice/ui/Input';
import { Segmented } from '@sluice/ui/Segmented';
import { useState } from 'react';
import { type HttpOptionsForm, newRowResults, type RowResultsForm } from './http-options.ts';

const answers = [
  { id: 'delivered', label: 'Delivered', help: 'The rows of the request have arrived.' },
  {
    id: 'rejected',
    label: 'Rejected',
    help: 'The rows are refused as they are. Whatever nothing names is rejected, too.',
  },
  { id: 'retry', label: 'Retry', help: 'Tried again in this run, with growing pauses.' },
] as const;

/** Which answers mean what, and where a batch answer tells about single rows. */
export function AnswerRulesForm({
  options,
  onChange,
  problem,
}: {
  options: HttpOptionsForm;
  onChange: (part: Partial<HttpOptionsForm>) => void;
  problem: (path: string) => string | undefined;
}) {
  const results = options.rowResults;
  return (
    <Card
      title="Answers"
      description="Statuses such as 404, or a hundred of them such as 4xx, separated by commas. The exact one wins."
    >
      <div className="flex flex-col gap-5">
        <div className="grid gap-4 sm:grid-cols-3">
          {answers.map((answer) => (
            <ListField
              key={answer.id}
              label={answer.label}
              help={answer.help}
              values={options.answers[answer.id]}
              error={problem(`answers.${answer.id}`) ?? problem(`answers.${answer.id}.0`)}
              onChange={(values) => onChange({ answers: { ...options.answers, [answer.id]: values } })}
            />
          ))}
        </div>
        <Checkbox
          checked={results !== null}
          onChange={(on) => onChange({ rowResults: on ? newRowResults() : null })}
          label="The answer of a batch tells about single rows"
          help="For APIs that answer 200 or 207 with errors inside. Exactly the rows named there are rejected."
        />
        {results && (
          <RowResultsFields
            results={results}
            onChange={(part) => onChange({ rowResults: { ...results, ...part } })}
            problem={(path) => problem(`rowResults.${path}`)}
          />
        )}
      </div>
    </Card>
  );
}

function RowResultsFields({
  results,
  onChange,
  problem,
}: {
  results: RowResultsForm;
  onChange: (part: Partial<RowResultsForm>) => void;
  problem: (path: string) => string | undefined;
}) {
  const text = (
    field: 'keyField' | 'statusField' | 'errorField' | 'messageField' | 'indexField',
    label: string,
    help: string,
    placeholder: string,
  ) => (
    <Field label={label} help={help} error={problem(field)} optional={field === 'messageField'}>
      {(aria) => (
        <Input
          {...aria}
          mono
          autoComplete="off"
          placeholder={placeholder}
          value={results[field] ?? ''}
          onChange={(event) => onChange({ [field]: event.target.value || null })}
        />
      )}
    </Field>
  );
  return (
    <div className="grid gap-4 border-l pl-4 sm:grid-cols-2">
      <Field
        label="Path of the list"
        help="Where the list is in the answer; empty = the answer is the list."
        error={problem('path')}
      >
        {(aria) => (
          <Input
            {...aria}
            mono
            autoComplete="off"
            placeholder="data.results"
            value={results.path}
            onChange={(event) => onChange({ path: event.target.value })}
          />
        )}
      </Field>
      <div className="flex flex-col gap-1.5">
        <span className="font-medium text-ink text-sm">An entry belongs to a row by</span>
        <Segmented
          label="An entry belongs to a row by"
          value={results.by}
          onChange={(by) => onChange({ by })}
          options={[
            { value: 'index', label: 'Position' },
            { value: 'key', label: 'Primary key' },
          ]}
        />
      </div>
      {results.by === 'key' &&
        text('keyField', 'Field of the key', 'Holds the primary key of the row.', 'id')}
      {text('statusField', 'Field of the status', 'Tells how the row fared.', 'status')}
      <ListField
        label="Refused values"
        help="Values of the status that mean refused: error, 4xx."
        values={results.failedValues}
        error={problem('failedValues')}
        onChange={(failedValues) => onChange({ failedValues })}
      />
      {text('errorField', 'Field of the error', 'Holds something only when the row was refused.', 'error')}
      {text('messageField', 'Field of the message', 'The words shown as the reason.', 'error.message')}
      {results.failuresOnly &&
        results.by === 'index' &&
        text('indexField', 'Field of the position', 'Position of the row in the request, from 0.', 'index')}
      <div className="sm:col-span-2">
        <Checkbox
          checked={results.failuresOnly}
          onChange={(failuresOnly) => onChange({ failuresOnly })}
          label="The list names refused rows only"
          help="Rows without an entry are delivered."
        />
      </div>
    </div>
  );
}

function ListField({
  label,
  help,
  values,
  error,
  onChange,
}: {
  label: string;
  help: string;
  values: readonly string[];
  error: string | undefined;
  onChange: (values: string[]) => void;
}) {
  const [text, setText] = useState(() => values.join(', '));
  return (
    <Field label={label} help={help} error={error}>
      {(aria) => (
        <Input
          {...aria}
          mono
          autoComplete="off"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            onChange(
              event.target.value
                .split(',')
                .map((part) => part.trim())
                .filter(Boolean),
            );
          }}
        />
      )}
    </Field>
  );
}
