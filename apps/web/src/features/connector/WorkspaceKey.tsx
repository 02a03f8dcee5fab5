'use client';

import { CodeBlock } from '@sluice/ui/CodeBlock';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

/** The line that lets Sluice in at an SSH server, to be copied. */
export function WorkspaceKey() {
  const trpc = useTRPC();
  const key = useQuery(trpc.sshKey.get.queryOptions());
  if (key.error) return <ErrorCallout error={key.error} onRetry={() => void key.refetch()} />;
  if (!key.data) return <SkeletonLines lines={2} />;
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <p className="text-muted text-xs">
        The key of this workspace. Whoever runs the SSH server adds this line to ~/.ssh/authorized_keys of
        that account.
      </p>
      <CodeBlock code={key.data.publicKey} label="Copy the public key" wrap />
    </div>
  );
}
