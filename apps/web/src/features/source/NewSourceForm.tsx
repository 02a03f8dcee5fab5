'use client';

import { Callout } from '@sluice/ui/Callout';
import { Page } from '@sluice/ui/Page';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { TextLink } from '@sluice/ui/TextLink';
import { toast } from '@sluice/ui/Toast';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { ConnectionForm } from '#features/connector/ConnectionForm.tsx';
import { ConnectorIcon } from '#features/connector/ConnectorIcon.tsx';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

/** Second step of connecting a source: its settings, tested before or after they are saved. */
export function NewSourceForm({ type }: { type: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { paths, whyNot } = useWorkspace();
  const connectors = useQuery(trpc.connector.sources.queryOptions());
  const connector = connectors.data?.find(({ slug }) => slug === type);
  const check = useMutation(trpc.source.check.mutationOptions());
  const create = useMutation(
    trpc.source.create.mutationOptions({
      onSuccess: async (source) => {
        toast.success({ title: `Connected ${source.name}.` });
        await queryClient.invalidateQueries({ queryKey: trpc.source.list.queryKey() });
        router.push(paths.sources.detail(source.id));
      },
    }),
  );
  const heading = connector ? `Connect ${connector.name}` : 'Connect a source';
  return (
    <Page
      width="detail"
      title={
        <span className="flex items-center gap-3">
          {connector && <ConnectorIcon icon={connector.icon} />}
          {heading}
        </span>
      }
      description={connector?.description}
      actions={<TextLink href={paths.sources.new}>Choose another kind</TextLink>}
    >
      <PageTitle parts={[heading]} />
      {connectors.error != null && (
        <ErrorCallout error={connectors.error} onRetry={() => void connectors.refetch()} />
      )}
      {connectors.isPending && <SkeletonLines lines={6} />}
      {connectors.data && !connector && (
        <Callout tone="caution" title={`There is no kind of source called “${type}”.`}>
          <TextLink href={paths.sources.new}>See all kinds</TextLink>
        </Callout>
      )}
      {connector && (
        <ConnectionForm
          connector={connector}
          saveLabel="Save source"
          readOnlyReason={whyNot('source.write')}
          check={{ ...check, mutate: (input) => check.mutate({ type, ...input }) }}
          save={{ ...create, mutate: (input) => create.mutate({ type, ...input }) }}
        />
      )}
    </Page>
  );
}
