'use client';

import type { ConnectionView } from '@sluice/domain/connection';
import type { ConnectorView } from '@sluice/domain/connector';
import { IconButton } from '@sluice/ui/Button';
import { Menu, MenuItem, MenuSeparator } from '@sluice/ui/Menu';
import { Page } from '@sluice/ui/Page';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { TabNav } from '@sluice/ui/TabNav';
import { Ellipsis, Trash2 } from 'lucide-react';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import type { ReactNode } from 'react';
import { CopyIdItem } from '#features/list/RowMenu.tsx';
import { PageTitle } from '#shell/PageTitle.tsx';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { CheckBadge } from './CheckBadge.tsx';
import { connectorName } from './ConnectionList.tsx';
import { ConnectorIcon } from './ConnectorIcon.tsx';

/** The frame of a source's or destination's page: heading, tabs (configuration first), menu. */
export function ConnectionPage({
  noun,
  connection,
  error,
  onRetry,
  connectors,
  href,
  usedBy,
  action,
  writeDisabled,
  onRemove,
  menu = null,
  children,
}: {
  noun: 'source' | 'destination';
  /** `undefined` while it loads. */
  connection: ConnectionView | undefined;
  error: unknown;
  onRetry: () => void;
  connectors: readonly ConnectorView[] | undefined;
  href: string;
  usedBy: { label: string; count: number; content: ReactNode };
  /** The next step from here: create a model, create a sync. */
  action: ReactNode;
  writeDisabled: string | null;
  onRemove: () => void;
  /** Menu items of this noun alone. */
  menu?: ReactNode;
  /** The configuration tab. */
  children: ReactNode;
}) {
  const [tab] = useQueryState(
    'tab',
    parseAsStringLiteral(['configuration', 'used']).withDefault('configuration'),
  );
  if (!connection) {
    return (
      <Page width="detail" title={noun === 'source' ? 'Source' : 'Destination'}>
        <PageTitle parts={[noun === 'source' ? 'Source' : 'Destination']} />
        {error != null ? (
          <ErrorCallout error={error} title={`The ${noun} could not be loaded.`} onRetry={onRetry} />
        ) : (
          <SkeletonLines lines={8} />
        )}
      </Page>
    );
  }
  const connector = connectors?.find(({ slug }) => slug === connection.type);
  return (
    <Page
      width="detail"
      title={
        <span className="flex min-w-0 items-center gap-3">
          <ConnectorIcon icon={connector?.icon} />
          <span className="min-w-0 break-words">{connection.name}</span>
        </span>
      }
      status={<CheckBadge lastCheck={connection.lastCheck} />}
      description={connectorName(connectors, connection.type)}
      actions={
        <>
          {action}
          <Menu
            label={`Actions for ${connection.name}`}
            trigger={
              <IconButton label="More actions" variant="secondary">
                <Ellipsis />
              </IconButton>
            }
          >
            <CopyIdItem id={connection.id} />
            <MenuSeparator />
            {menu}
            <MenuItem icon={<Trash2 />} tone="danger" disabledReason={writeDisabled} onSelect={onRemove}>
              Remove…
            </MenuItem>
          </Menu>
        </>
      }
      tabs={
        <TabNav
          label={`Parts of the ${noun}`}
          tabs={[
            { href, label: 'Configuration', current: tab === 'configuration' },
            { href: `${href}?tab=used`, label: usedBy.label, count: usedBy.count, current: tab === 'used' },
          ]}
        />
      }
    >
      <PageTitle parts={[connection.name, noun === 'source' ? 'Sources' : 'Destinations']} />
      {error != null && <ErrorCallout error={error} onRetry={onRetry} />}
      {tab === 'configuration' ? children : usedBy.content}
    </Page>
  );
}
