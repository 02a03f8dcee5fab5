'use client';

import { Button } from '@sluice/ui/Button';
import { Card } from '@sluice/ui/Card';
import { CodeBlock } from '@sluice/ui/CodeBlock';
import { ConfirmDialog } from '@sluice/ui/ConfirmDialog';
import { DefinitionList } from '@sluice/ui/DefinitionList';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { Time } from '@sluice/ui/Time';
import { toast } from '@sluice/ui/Toast';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

/** The key that Sluice signs in with at SSH servers, and how to change it. */
export function SshKeyCard() {
  const trpc = useTRPC();
  const { whyNot } = useWorkspace();
  const [asking, setAsking] = useState(false);
  const key = useQuery(trpc.sshKey.get.queryOptions());
  return (
    <Card
      title="SSH key"
      description="Sluice signs in with it at SSH servers, to reach databases behind them."
      actions={
        <Button onClick={() => setAsking(true)} disabledReason={whyNot('workspace.manage')}>
          Rotate
        </Button>
      }
    >
      {key.error && <ErrorCallout error={key.error} onRetry={() => void key.refetch()} />}
      {key.isPending && <SkeletonLines lines={3} />}
      {key.data && (
        <div className="flex min-w-0 flex-col gap-4">
          <CodeBlock code={key.data.publicKey} label="Copy the public key" wrap />
          <DefinitionList
            items={[
              {
                label: 'Fingerprint',
                value: <span className="wrap-anywhere font-mono text-xs">{key.data.fingerprint}</span>,
              },
              { label: 'Made', value: <Time at={key.data.createdAt} /> },
            ]}
          />
          {key.data.previousPublicKey !== null && (
            <div className="flex min-w-0 flex-col gap-1.5">
              <p className="text-muted text-sm">
                The key before works as well, until the next rotation. Remove its line from each SSH server
                that has the new one:
              </p>
              <CodeBlock code={key.data.previousPublicKey} label="Copy the previous public key" wrap />
            </div>
          )}
        </div>
      )}
      {asking && (
        <RotateDialog hasPrevious={key.data?.previousPublicKey != null} onClose={() => setAsking(false)} />
      )}
    </Card>
  );
}

function RotateDialog({ hasPrevious, onClose }: { hasPrevious: boolean; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const rotate = useMutation(
    trpc.sshKey.rotate.mutationOptions({
      onSuccess: (key) => {
        queryClient.setQueryData(trpc.sshKey.get.queryKey(), key);
        toast.success({ title: 'The workspace has a new SSH key.' });
        onClose();
      },
    }),
  );
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Rotate the SSH key?"
      action="Rotate key"
      tone={hasPrevious ? 'danger' : 'primary'}
      loading={rotate.isPending}
      error={rotate.error && <ErrorCallout error={rotate.error} />}
      onConfirm={() => rotate.mutate()}
    >
      <div className="flex flex-col gap-2">
        <p>
          The workspace gets a new key. The one of now works until the next rotation, so that you can add the
          new line to your SSH servers without a gap.
        </p>
        {hasPrevious && (
          <p>
            The key before this one stops working now. Connections through servers that know only that one
            will fail: Test connection names them.
          </p>
        )}
      </div>
    </ConfirmDialog>
  );
}
