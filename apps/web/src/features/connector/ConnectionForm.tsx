'use client';

import type { ConnectionView } from '@sluice/domain/connection';
import type { CheckResult, ConnectorView } from '@sluice/domain/connector';
import type { ConfigField } from '@sluice/domain/field';
import { Button } from '@sluice/ui/Button';
import { Callout } from '@sluice/ui/Callout';
import { Card } from '@sluice/ui/Card';
import { Field } from '@sluice/ui/Field';
import { Input } from '@sluice/ui/Input';
import { Time } from '@sluice/ui/Time';
import { PlugZap } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { shownError } from '#trpc/error.ts';
import { CheckList } from './CheckList.tsx';
import { ConnectionField } from './ConnectionField.tsx';
import {
  type ConnectionValues,
  configurationOf,
  connectionProblems,
  fieldGroups,
  initialValues,
  visibleFields,
} from './connection-values.ts';
import { GrantField } from './GrantField.tsx';
import { needsPreparation, PreparedChoice } from './PreparedChoice.tsx';
import { WorkspaceKey } from './WorkspaceKey.tsx';

/** What the form asks of a mutation, whichever noun it belongs to. */
interface Call<Input, Output> {
  mutate: (input: Input) => void;
  reset: () => void;
  data?: Output | undefined;
  error: unknown;
  isPending: boolean;
}

interface ConnectionInput {
  name: string;
  configuration: ConnectionValues;
}

/**
 * The form of a connector, drawn from its definition, with "Test connection" beside it. `saved` makes it an editor:
 * secrets stay as they are until they are replaced.
 */
export function ConnectionForm({
  connector,
  saved,
  save,
  check,
  saveLabel,
  readOnlyReason = null,
}: {
  connector: ConnectorView;
  saved?: ConnectionView;
  save: Call<ConnectionInput, unknown>;
  check: Call<{ configuration: ConnectionValues }, CheckResult[]>;
  saveLabel: string;
  /** Why nothing can be changed: the person's role. */
  readOnlyReason?: string | null;
}) {
  const [name, setName] = useState(saved?.name ?? connector.name);
  const [values, setValues] = useState(() => initialValues(connector.fields, saved?.configuration));
  const [problems, setProblems] = useState<Record<string, string>>({});
  const form = useRef<HTMLFormElement>(null);

  const refused = refusedFields(save.error) ?? refusedFields(check.error) ?? {};
  const errors: Record<string, string> = { ...refused, ...problems };
  const firstError = Object.values(errors)[0];
  useEffect(() => {
    if (firstError === undefined) return;
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid="true"]')?.focus();
  }, [firstError]);

  const change = (field: string, value: unknown) => {
    setValues((before) => ({ ...before, [field]: value }));
    setProblems(({ [field]: _, ...rest }) => rest);
    save.reset();
    check.reset();
  };
  const validated = (): ConnectionValues | null => {
    const found = connectionProblems(connector.fields, values, saved?.configuration);
    if (name.trim() === '') found.name = 'Give it a name.';
    setProblems(found);
    return Object.keys(found).length === 0 ? configurationOf(connector.fields, values) : null;
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const configuration = validated();
    if (configuration) save.mutate({ name: name.trim(), configuration });
  };
  const test = () => {
    const configuration = validated();
    if (configuration) check.mutate({ configuration });
  };

  const fieldControl = (field: ConfigField) => {
    const part = {
      field,
      value: values[field.name],
      error: errors[field.name],
      onChange: (value: unknown) => change(field.name, value),
    };
    if (needsPreparation(field))
      return <PreparedChoice key={field.name} fields={connector.fields} values={values} {...part} />;
    if (field.kind === 'grant') return <GrantField key={field.name} connector={connector} {...part} />;
    if (field.showsWorkspaceKey)
      return (
        <div key={field.name} className="flex min-w-0 flex-col gap-2.5">
          <ConnectionField {...part} />
          <WorkspaceKey />
        </div>
      );
    return <ConnectionField key={field.name} {...part} />;
  };

  return (
    <form
      ref={form}
      onSubmit={submit}
      noValidate
      className="grid min-w-0 items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]"
    >
      <Card
        footer={
          <Button type="submit" variant="primary" loading={save.isPending} disabledReason={readOnlyReason}>
            {saveLabel}
          </Button>
        }
      >
        <div className="flex flex-col gap-5">
          <Field label="Name" help="How your colleagues find it." error={errors.name} required>
            {(aria) => (
              <Input
                {...aria}
                name="name"
                autoComplete="off"
                value={name}
                onChange={(event) => {
                  setName(event.target.value);
                  setProblems(({ name: _, ...rest }) => rest);
                }}
              />
            )}
          </Field>
          {fieldGroups(visibleFields(connector.fields, values)).map(({ under, fields }) => (
            <div
              key={fields[0]?.name}
              className={`flex min-w-0 flex-col gap-5 ${under === null ? '' : 'border-accent-line border-l-2 pl-4'}`}
            >
              {fields.map(fieldControl)}
            </div>
          ))}
          {save.error != null && <ErrorCallout error={save.error} />}
        </div>
      </Card>
      <ConnectionTest check={check} saved={saved} onTest={test} disabledReason={readOnlyReason} />
    </form>
  );
}

function ConnectionTest({
  check,
  saved,
  onTest,
  disabledReason,
}: {
  check: Call<never, CheckResult[]>;
  saved: ConnectionView | undefined;
  onTest: () => void;
  disabledReason: string | null;
}) {
  const last = saved?.lastCheck ?? null;
  const checks = check.data ?? (check.isPending ? [] : (last?.checks ?? []));
  const failed = checks.find((result) => result.status === 'failed');
  return (
    <div className="lg:sticky lg:top-6">
      <Card
        title="Test connection"
        description="Each check says what it found and, if it failed, what to do."
        actions={
          <Button onClick={onTest} loading={check.isPending} disabledReason={disabledReason}>
            <PlugZap />
            Test
          </Button>
        }
      >
        <div className="flex flex-col gap-3">
          {check.error != null && <ErrorCallout error={check.error} />}
          {(checks.length > 0 || check.isPending) && <CheckList checks={checks} running={check.isPending} />}
          {check.data && !failed && <Callout tone="positive" title="The connection works." />}
          {!check.data && !check.isPending && last && (
            <p className="text-faint text-xs">
              Last tested <Time at={last.at} />
            </p>
          )}
          {checks.length === 0 && !check.isPending && check.error == null && (
            <p className="text-muted text-sm">Not tested yet. Saving works without a test, too.</p>
          )}
        </div>
      </Card>
    </div>
  );
}

/** Field name → message, out of the API's `configuration.host`. */
function refusedFields(error: unknown): Record<string, string> | null {
  if (error === null || error === undefined) return null;
  const fields = shownError(error).fields;
  if (!fields) return null;
  return Object.fromEntries(
    Object.entries(fields).map(([path, message]) => [
      path.replace(/^configuration\./, '').replace(/\..*$/, ''),
      message,
    ]),
  );
}
