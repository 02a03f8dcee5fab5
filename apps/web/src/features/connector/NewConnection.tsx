'use client';

import type { ConnectorView } from '@sluice/domain/connector';
import { Callout } from '@sluice/ui/Callout';
import { Page } from '@sluice/ui/Page';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { TextLink } from '@sluice/ui/TextLink';
import type { ComponentProps } from 'react';
import { PageTitle } from '#shell/PageTitle.tsx';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { ConnectionForm } from './ConnectionForm.tsx';
import { ConnectorIcon } from './ConnectorIcon.tsx';

type Form = Omit<ComponentProps<typeof ConnectionForm>, 'connector' | 'saveLabel' | 'saved'>;

/** The page that connects a source or a destination of one kind, or says that there is no such kind. */
export function NewConnection({
  noun,
  type,
  kindsHref,
  connectors,
  ...form
}: Form & {
  noun: 'source' | 'destination';
  type: string;
  /** Where all kinds are shown. */
  kindsHref: string;
  connectors: {
    data?: readonly ConnectorView[] | undefined;
    error: unknown;
    isPending: boolean;
    refetch: () => unknown;
  };
}) {
  const connector = connectors.data?.find(({ slug }) => slug === type);
  const heading = connector ? `Connect ${connector.name}` : `Connect a ${noun}`;
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
      actions={<TextLink href={kindsHref}>Choose another kind</TextLink>}
    >
      <PageTitle parts={[heading]} />
      {connectors.error != null && (
        <ErrorCallout error={connectors.error} onRetry={() => void connectors.refetch()} />
      )}
      {connectors.isPending && <SkeletonLines lines={6} />}
      {connectors.data && !connector && (
        <Callout tone="caution" title={`There is no kind of ${noun} called “${type}”.`}>
          <TextLink href={kindsHref}>See all kinds</TextLink>
        </Callout>
      )}
      {connector && <ConnectionForm connector={connector} saveLabel={`Save ${noun}`} {...form} />}
    </Page>
  );
}
