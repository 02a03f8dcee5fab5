'use client';

import { ButtonLink } from '@sluice/ui/Button';
import { EmptyState } from '@sluice/ui/EmptyState';
import { FieldError } from '@sluice/ui/Field';
import { RadioCards } from '@sluice/ui/RadioCards';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { TextLink } from '@sluice/ui/TextLink';
import { useQuery } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { CheckBadge } from '#features/connector/CheckBadge.tsx';
import { connectorName } from '#features/connector/ConnectionList.tsx';
import { ConnectionName } from '#features/connector/ConnectionName.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import type { StepProps } from './step-props.ts';
import { changeDestination } from './sync-draft.ts';

/** Where the rows go. */
export function DestinationStep({ draft, onChange, problems }: StepProps) {
  const trpc = useTRPC();
  const { paths } = useWorkspace();
  const destinations = useQuery(trpc.destination.list.queryOptions());
  const connectors = useQuery(trpc.connector.destinations.queryOptions());
  if (destinations.data?.length === 0) {
    return (
      <EmptyState
        icon={<Send />}
        title="Connect a destination first"
        action={
          <ButtonLink variant="primary" href={paths.destinations.new}>
            Connect a destination
          </ButtonLink>
        }
      >
        A destination is the tool that the rows are sent to. Your draft is kept.
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      {destinations.error != null && (
        <ErrorCallout error={destinations.error} onRetry={() => void destinations.refetch()} />
      )}
      {destinations.isPending && <SkeletonLines lines={3} />}
      {destinations.data && (
        <RadioCards
          label="Destination"
          columns={2}
          value={draft.destinationId === null ? null : String(draft.destinationId)}
          onChange={(id) => onChange(changeDestination(draft, Number(id)))}
          cards={destinations.data.map((destination) => ({
            value: String(destination.id),
            title: (
              <ConnectionName connectors={connectors.data} type={destination.type} name={destination.name} />
            ),
            description: connectorName(connectors.data, destination.type),
            detail: destination.lastCheck && !destination.lastCheck.ok && (
              <CheckBadge lastCheck={destination.lastCheck} />
            ),
          }))}
        />
      )}
      {problems.destinationId && <FieldError>{problems.destinationId}</FieldError>}
      <p className="text-sm">
        <TextLink href={paths.destinations.new}>Connect another destination</TextLink>
      </p>
    </div>
  );
}
