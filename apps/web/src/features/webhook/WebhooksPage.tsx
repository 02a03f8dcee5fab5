'use client';

import { type WebhookView, webhookEvents } from '@sluice/domain/webhook';
import { Badge } from '@sluice/ui/Badge';
import { Button } from '@sluice/ui/Button';
import { DataTable, type TableColumn } from '@sluice/ui/DataTable';
import { EmptyState } from '@sluice/ui/EmptyState';
import { Section } from '@sluice/ui/Page';
import { Time } from '@sluice/ui/Time';
import { useQuery } from '@tanstack/react-query';
import { Plus, Webhook } from 'lucide-react';
import { useState } from 'react';
import { NotAllowed } from '#features/settings/NotAllowed.tsx';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { DeliverySheet } from './DeliverySheet.tsx';
import { WebhookDialog } from './WebhookDialog.tsx';
import { WebhookMenu } from './WebhookMenu.tsx';
import { WebhookSecret } from './WebhookSecret.tsx';
import { stateWords } from './webhook-words.ts';

/** Where other systems are told of runs. */
export function WebhooksPage() {
  const { whyNot } = useWorkspace();
  const forbidden = whyNot('webhook.manage');
  if (forbidden) return <NotAllowed reason={forbidden} />;
  return <Webhooks />;
}

function Webhooks() {
  const trpc = useTRPC();
  const webhooks = useQuery(trpc.webhook.list.queryOptions());
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [openId, setOpenId] = useState<number | null>(null);
  const opened = webhooks.data?.find(({ id }) => id === openId);
  const add = (
    <Button variant="primary" onClick={() => setAdding(true)}>
      <Plus aria-hidden="true" />
      Add webhook…
    </Button>
  );
  return (
    <>
      <PageTitle parts={['Webhooks', 'Settings']} />
      {webhooks.data?.length === 0 ? (
        <EmptyState icon={<Webhook />} title="Tell other systems of runs" action={add}>
          Sluice sends a signed POST when a run starts, succeeds, fails or is cancelled, and repeats it for 24
          hours until it is taken.
        </EmptyState>
      ) : (
        <Section
          title="Webhooks"
          description="Addresses that are told of runs. Requests are signed, and repeated for 24 hours until they are taken."
          actions={add}
        >
          {webhooks.isError ? (
            <ErrorCallout
              error={webhooks.error}
              title="The webhooks could not be loaded."
              onRetry={() => void webhooks.refetch()}
            />
          ) : (
            <DataTable
              label="Webhooks"
              columns={columnsOf(setOpenId)}
              rows={webhooks.data}
              rowKey={(webhook) => webhook.id}
              rowLabel={(webhook) => `Deliveries to ${webhook.name}`}
              onRowOpen={(webhook) => setOpenId(webhook.id)}
            />
          )}
        </Section>
      )}
      <WebhookDialog
        open={adding}
        onClose={() => setAdding(false)}
        onSecret={(created) => {
          setAdding(false);
          setSecret(created);
        }}
      />
      {secret !== null && <WebhookSecret secret={secret} onClose={() => setSecret(null)} />}
      {opened && <DeliverySheet webhook={opened} onClose={() => setOpenId(null)} />}
    </>
  );
}

const columnsOf = (open: (id: number) => void): readonly TableColumn<WebhookView>[] => [
  {
    id: 'name',
    header: 'Name',
    grow: true,
    cell: (webhook) => (
      <span className="flex min-w-0 flex-col">
        <span className="truncate font-medium">{webhook.name}</span>
        <span className="truncate font-mono text-2xs text-faint">{webhook.url}</span>
        <Trouble webhook={webhook} />
      </span>
    ),
  },
  {
    id: 'events',
    header: 'Events',
    hideBelow: 'md',
    cell: ({ events }) => `${events.length} of ${webhookEvents.length}`,
  },
  {
    id: 'last',
    header: 'Last delivery',
    hideBelow: 'sm',
    cell: (webhook) => <LastDelivery webhook={webhook} />,
  },
  {
    id: 'actions',
    header: '',
    screenReaderHeader: 'Actions',
    align: 'end',
    cell: (webhook) => <WebhookMenu webhook={webhook} onTested={() => open(webhook.id)} />,
  },
];

/** Why Sluice disabled it, or since when it takes nothing. */
function Trouble({ webhook: { disabled, disabledReason, failingSince } }: { webhook: WebhookView }) {
  if (disabledReason)
    return <span className="whitespace-normal text-critical text-xs">Disabled. {disabledReason}</span>;
  if (disabled || !failingSince) return null;
  return (
    <span className="whitespace-normal text-caution text-xs">
      Nothing was taken since <Time at={failingSince} />.
    </span>
  );
}

function LastDelivery({ webhook }: { webhook: WebhookView }) {
  if (webhook.disabledReason) return <Badge tone="critical">Disabled</Badge>;
  if (webhook.disabled) return <Badge>Paused</Badge>;
  if (!webhook.last) return <span className="text-faint">None yet</span>;
  const { label, tone } = stateWords[webhook.last.state];
  const waiting = webhook.pending > 1 ? ` (${webhook.pending})` : '';
  return (
    <Badge tone={tone}>
      {label}
      {webhook.last.state === 'pending' && waiting}
    </Badge>
  );
}
