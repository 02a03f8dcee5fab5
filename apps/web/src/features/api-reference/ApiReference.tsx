'use client';

import { Card } from '@sluice/ui/Card';
import { CodeBlock } from '@sluice/ui/CodeBlock';
import { EmptyState } from '@sluice/ui/EmptyState';
import { Section } from '@sluice/ui/Page';
import { SearchInput } from '@sluice/ui/SearchInput';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { TextLink } from '@sluice/ui/TextLink';
import { useQuery } from '@tanstack/react-query';
import { SearchX } from 'lucide-react';
import { useMemo, useState, useSyncExternalStore } from 'react';
import { paths } from '#paths.ts';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { type ApiDocument, type OperationView, operationsByTag } from './api-document.ts';
import { Operation } from './Operation.tsx';

/** The REST API to read: made from the very document that its routes validate with. */
export function ApiReference() {
  const { paths: inside, can } = useWorkspace();
  const document = useQuery({ queryKey: ['openapi'], queryFn: loadDocument, staleTime: 3_600_000 });
  const groups = useMemo(() => (document.data ? operationsByTag(document.data) : null), [document.data]);
  const [search, setSearch] = useState('');
  const origin = useSyncExternalStore(never, () => window.location.origin, noOrigin);
  return (
    <>
      <PageTitle parts={['REST API', 'Settings']} />
      <Section
        title="REST API"
        description={
          <>
            What orchestrators and scripts call. Generated from the{' '}
            <TextLink href={paths.apiDocs} external>
              OpenAPI document
            </TextLink>
            .
            {can('token.manage') && (
              <>
                {' '}
                Every request needs an <TextLink href={inside.settings.tokens}>API token</TextLink>.
              </>
            )}
          </>
        }
        actions={<SearchInput label="Search the API" value={search} onChange={setSearch} />}
      >
        <Card>
          <div className="flex flex-col gap-3 text-muted text-sm">
            <p>
              Start a sync, then ask for its run until <code className="font-mono text-ink">status</code> is
              success, warning, failed, cancelled or interrupted. A trigger is safe to repeat.
            </p>
            <CodeBlock code={firstSteps(origin)} label="Copy the commands" />
            <p>
              Errors are JSON with <code className="font-mono text-ink">message</code> and{' '}
              <code className="font-mono text-ink">details</code>: a code, what to do, and for input the
              fields. Beyond the limit announced in <code className="font-mono text-ink">RateLimit-*</code>{' '}
              the answer is 429 with <code className="font-mono text-ink">Retry-After</code>.
            </p>
          </div>
        </Card>
      </Section>
      {document.isError && (
        <ErrorCallout
          error={document.error}
          title="The description of the API could not be loaded."
          onRetry={() => void document.refetch()}
        />
      )}
      {document.isPending && <SkeletonLines lines={8} />}
      {groups && <Groups groups={groups} search={search} origin={origin} />}
    </>
  );
}

function Groups({
  groups,
  search,
  origin,
}: {
  groups: Map<string, OperationView[]>;
  search: string;
  origin: string;
}) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = [...groups]
    .map(([tag, operations]) => ({
      tag,
      operations: operations.filter(({ method, path, summary }) => {
        const text = `${tag} ${method} ${path} ${summary}`.toLowerCase();
        return words.every((word) => text.includes(word));
      }),
    }))
    .filter(({ operations }) => operations.length > 0);
  if (shown.length === 0) {
    return (
      <EmptyState icon={<SearchX />} title="Nothing found">
        No operation has “{search}” in its address or summary.
      </EmptyState>
    );
  }
  return shown.map(({ tag, operations }) => (
    <Section key={tag} title={tag}>
      <Card flush>
        {operations.map((operation) => (
          <Operation key={operation.id} operation={operation} origin={origin} />
        ))}
      </Card>
    </Section>
  ));
}

/** The address of the page is known in the browser only, and never changes there. */
const never = () => () => {};
const noOrigin = () => '';

async function loadDocument(): Promise<ApiDocument> {
  const response = await fetch(paths.apiDocs);
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return response.json();
}

const firstSteps = (origin: string) => `export TOKEN=slc_…
curl -X POST -H "Authorization: Bearer $TOKEN" ${origin}/api/v1/syncs/1/trigger
curl -H "Authorization: Bearer $TOKEN" "${origin}/api/v1/syncs/1/runs?limit=1"`;
