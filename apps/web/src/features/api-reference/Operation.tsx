import { type Permission, permissions, permissionsOfScope, tokenScopes } from '@sluice/domain/permission';
import { Badge, type Tone } from '@sluice/ui/Badge';
import { CodeBlock } from '@sluice/ui/CodeBlock';
import { scopeWords } from '#features/settings/role-words.ts';
import type { FieldLine, OperationView } from './api-document.ts';

/** One operation: a line that opens to its parameters, body, answer and a command to try it with. */
export function Operation({ operation, origin }: { operation: OperationView; origin: string }) {
  const { method, path, summary, permission, parameters, body, answer } = operation;
  const scope = tokenScopes.find((name) => permissionsOfScope(name).has(permission as Permission));
  return (
    <details id={operation.id} className="group scroll-mt-16 border-t first:border-t-0">
      <summary className="focus-ring flex cursor-pointer flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 hover:bg-sunken">
        <span className="w-16 shrink-0">
          <Badge tone={tones[method] ?? 'neutral'}>{method}</Badge>
        </span>
        <code className="min-w-0 break-all font-mono text-ink text-xs">{path}</code>
        <span className="min-w-0 text-muted text-sm">{summary}</span>
      </summary>
      <div className="flex flex-col gap-4 border-t bg-canvas px-4 py-4">
        {scope && (
          <p className="text-muted text-sm">
            Needs a token of the scope <strong className="text-ink">{scopeWords[scope].label}</strong>
            {permission in permissions && <> ({permission})</>}.
          </p>
        )}
        <Fields title="Parameters" fields={parameters} input />
        <Fields title="Body" fields={body} input />
        <Fields title={`Answer: ${answer.description}`} fields={answer.fields} />
        <CodeBlock code={commandOf(operation, origin)} label="Copy the command" />
      </div>
    </details>
  );
}

const tones: Record<string, Tone> = {
  GET: 'neutral',
  POST: 'accent',
  PATCH: 'caution',
  DELETE: 'critical',
};

function Fields({
  title,
  fields,
  input = false,
}: {
  title: string;
  fields: readonly FieldLine[];
  /** Says which ones must be sent. */
  input?: boolean;
}) {
  if (fields.length === 0) return null;
  return (
    <section className="flex min-w-0 flex-col gap-1.5">
      <h3 className="font-medium text-ink text-sm">{title}</h3>
      <dl className="grid gap-x-6 gap-y-1.5 text-xs sm:grid-cols-[minmax(10rem,auto)_1fr]">
        {fields.map((field) => (
          <div key={field.path} className="grid gap-0.5 sm:contents">
            <dt className="min-w-0 break-words font-mono text-ink">{field.path}</dt>
            <dd className="min-w-0 break-words text-muted">
              <span className="text-faint">{field.type}</span>
              {input && field.required && <span className="text-ink"> · required</span>}
              {field.note && <> · {field.note}</>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const examples: Record<string, unknown> = { integer: 1, number: 1, boolean: true, object: {} };

function commandOf({ method, path, body }: OperationView, origin: string): string {
  const url = `${origin}${path.replaceAll(/\{\w+\}/g, '1')}`;
  const flags = method === 'GET' ? '' : ` -X ${method}`;
  const required = Object.fromEntries(
    body
      .filter((field) => field.required && !/[.[]/.test(field.path))
      .map(({ path: name, type }) => [name, examples[type] ?? '…']),
  );
  const data = Object.keys(required).length === 0 ? '' : ` \\\n  --json '${JSON.stringify(required)}'`;
  return `curl${flags} -H "Authorization: Bearer $TOKEN"${data} \\\n  ${url}`;
}
