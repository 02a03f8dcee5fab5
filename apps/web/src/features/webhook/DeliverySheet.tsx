'use client';

import type { DeliveryView, WebhookView } from '@sluice/domain/webhook';
import { Badge } from '@sluice/ui/Badge';
import { Button } from '@sluice/ui/Button';
import { Sheet } from '@sluice/ui/Sheet';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { TextLink } from '@sluice/ui/TextLink';
import { Time } from '@sluice/ui/Time';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { useAction } from '#trpc/use-action.ts';
import { answerText, stateWords } from './webhook-words.ts';

/** The deliveries of an endpoint, newest first; follows those that are on their way. */
export function DeliverySheet({ webhook, onClose }: { webhook: WebhookView; onClose: () => void }) {
  const trpc = useTRPC();
  const deliveries = useInfiniteQuery(
    trpc.webhook.deliveries.infiniteQueryOptions(
      { webhookId: webhook.id },
      { getNextPageParam: (page) => page.nextCursor ?? undefined, refetchInterval: 2_000 },
    ),
  );
  const items = deliveries.data?.pages.flatMap((page) => page.items);
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      width="lg"
      title={`Deliveries to ${webhook.name}`}
      description={<span className="break-all font-mono text-xs">{webhook.url}</span>}
    >
      {deliveries.isError && (
        <ErrorCallout
          error={deliveries.error}
          title="The deliveries could not be loaded."
          onRetry={() => void deliveries.refetch()}
        />
      )}
      {!items && !deliveries.isError && <SkeletonLines lines={4} label="Loading the deliveries…" />}
      {items?.length === 0 && (
        <p className="text-muted text-sm">Nothing was sent yet. Send a test, or wait for a run.</p>
      )}
      <ul className="flex flex-col divide-y">
        {items?.map((delivery) => (
          <Delivery key={delivery.id} webhookId={webhook.id} delivery={delivery} />
        ))}
      </ul>
      {deliveries.hasNextPage && (
        <Button
          size="sm"
          loading={deliveries.isFetchingNextPage}
          onClick={() => void deliveries.fetchNextPage()}
        >
          Show older deliveries
        </Button>
      )}
    </Sheet>
  );
}

function Delivery({ webhookId, delivery }: { webhookId: number; delivery: DeliveryView }) {
  const trpc = useTRPC();
  const { paths } = useWorkspace();
  const queryClient = useQueryClient();
  const resend = useAction(
    trpc.webhook.resend.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.webhook.pathKey() }),
    }),
    { failure: 'It was not sent again.' },
  );
  const { label, tone } = stateWords[delivery.state];
  return (
    <li className="flex items-start justify-between gap-3 py-3">
      <div className="flex min-w-0 flex-col gap-1">
        <div className="flex flex-wrap items-center gap-2 text-sm">
          <Badge tone={tone}>{label}</Badge>
          <span className="font-mono text-xs">{delivery.event}</span>
          {delivery.runId !== null && (
            <TextLink href={paths.runs.detail(delivery.runId)}>Run {delivery.runId}</TextLink>
          )}
          <span className="text-faint text-xs">
            <Time at={delivery.createdAt} />
          </span>
        </div>
        <p className="break-words text-muted text-xs">{answerText(delivery)}</p>
        <p className="text-faint text-xs">
          {delivery.attempts} {delivery.attempts === 1 ? 'attempt' : 'attempts'}
          {delivery.nextAttemptAt && delivery.attempts > 0 && (
            <>
              , next <Time at={delivery.nextAttemptAt} />
            </>
          )}
        </p>
      </div>
      <Button
        size="sm"
        loading={resend.isPending}
        onClick={() => resend.mutate({ webhookId, id: delivery.id })}
      >
        {delivery.state === 'pending' ? 'Send now' : 'Send again'}
      </Button>
    </li>
  );
}
