'use client';

import type { AttentionItem, OverviewView } from '@sluice/domain/workspace';
import { Card } from '@sluice/ui/Card';
import { Link } from '@sluice/ui/Link';
import { Status } from '@sluice/ui/Status';
import { Time } from '@sluice/ui/Time';
import { CalendarX2, CirclePause } from 'lucide-react';
import { RunStatusBadge } from '#features/run/RunStatusBadge.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';

/** Syncs that have stopped, or whose newest run did not go well. Nothing is shown while all is well. */
export function Attention({ items }: { items: OverviewView['attention'] }) {
  const { paths } = useWorkspace();
  if (items.length === 0) return null;
  return (
    <Card flush title="Needs attention">
      <ul className="border-t">
        {items.map((item) => (
          <li
            key={item.syncId}
            className="relative flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-2.5 transition-colors last:border-b-0 hover:bg-hover"
          >
            <span className="relative z-raised">
              <AttentionBadge item={item} />
            </span>
            <Link
              href={paths.syncs.detail(item.syncId)}
              className="font-medium text-ink text-sm outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2"
            >
              {item.slug}
            </Link>
            <span
              className="min-w-0 flex-1 truncate text-muted text-sm max-sm:basis-full"
              title={item.message}
            >
              {item.message}
            </span>
            <span className="relative z-raised text-faint text-xs">
              <Time at={item.at} />
              {item.until && (
                <>
                  , goes on <Time at={item.until} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function AttentionBadge({ item }: { item: AttentionItem }) {
  switch (item.kind) {
    case 'paused':
      return (
        <Status
          tone="caution"
          icon={<CirclePause />}
          label="Paused"
          description="Its schedule holds still."
        />
      );
    case 'overdue':
      return (
        <Status tone="critical" icon={<CalendarX2 />} label="Late" description="No worker starts its runs." />
      );
    case 'missed':
      return (
        <Status
          tone="caution"
          icon={<CalendarX2 />}
          label="Missed"
          description="Its schedule missed times in the last day."
        />
      );
    case 'run':
      return <RunStatusBadge status={item.status} />;
  }
}
