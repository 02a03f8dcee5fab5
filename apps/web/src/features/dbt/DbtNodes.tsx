'use client';

import type { DbtNodeView } from '@sluice/domain/dbt-project';
import { Badge } from '@sluice/ui/Badge';
import { Button } from '@sluice/ui/Button';
import { SearchInput } from '@sluice/ui/SearchInput';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

/** The dbt models of a project, searchable. `action` stands at the end of each. */
export function DbtNodes({
  projectId,
  isSelected,
  action,
}: {
  projectId: number;
  isSelected?: (node: DbtNodeView) => boolean;
  action: (node: DbtNodeView) => ReactNode;
}) {
  const trpc = useTRPC();
  const [typed, setTyped] = useState('');
  const search = useDeferredValue(typed.trim());
  const nodes = useInfiniteQuery(
    trpc.dbtProject.nodes.infiniteQueryOptions(
      { projectId, search, limit: 50 },
      { getNextPageParam: (page) => page.nextCursor, placeholderData: keepPreviousData },
    ),
  );
  const found = nodes.data?.pages.flatMap(({ items }) => items);
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <SearchInput
        label="Search dbt models"
        placeholder="Names, columns, tags…"
        value={typed}
        onChange={setTyped}
      />
      {nodes.error != null && <ErrorCallout error={nodes.error} onRetry={() => void nodes.refetch()} />}
      {!found && nodes.error == null && <SkeletonLines lines={6} label="Reading the dbt models…" />}
      {found?.length === 0 && (
        <p className="py-4 text-muted text-sm">
          {search === '' ? 'The newest manifest has no models.' : `Nothing matches “${search}”.`}
        </p>
      )}
      <ul className="flex flex-col">
        {found?.map((node) => (
          <li
            key={node.id}
            className={`flex items-start gap-3 rounded-md px-2 py-2 ${isSelected?.(node) ? 'bg-accent-soft' : 'hover:bg-hover'}`}
          >
            <Node node={node} />
            {action(node)}
          </li>
        ))}
      </ul>
      {nodes.hasNextPage && (
        <Button loading={nodes.isFetchingNextPage} onClick={() => void nodes.fetchNextPage()}>
          Show more
        </Button>
      )}
    </div>
  );
}

function Node({ node }: { node: DbtNodeView }) {
  const columns = node.columns.map(({ name }) => name).join(', ');
  const uses = node.exposures.map(({ name }) => name).join(', ');
  return (
    <div className="min-w-0 flex-1 text-sm">
      <div className="flex flex-wrap items-center gap-2">
        <span className="min-w-0 break-all font-medium text-ink">{node.name}</span>
        <span className="text-faint text-xs">
          {node.kind === 'model' ? node.materialised : node.kind}, {node.packageName}
        </span>
        {node.tags.map((tag) => (
          <Badge key={tag}>{tag}</Badge>
        ))}
      </div>
      {node.description && <p className="line-clamp-2 text-pretty text-muted text-xs">{node.description}</p>}
      {columns && <p className="truncate text-faint text-xs">{columns}</p>}
      {uses && <p className="truncate text-faint text-xs">Used by {uses}</p>}
      {node.problem && <p className="text-caution text-xs">{node.problem}</p>}
    </div>
  );
}
