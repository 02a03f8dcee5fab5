'use client';

import { Button } from '@sluice/ui/Button';
import { Callout } from '@sluice/ui/Callout';
import { CodeBlock } from '@sluice/ui/CodeBlock';
import { Dialog } from '@sluice/ui/Dialog';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '#trpc/client.ts';

/** The token itself, shown once, and a command to try it with. */
export function TokenSecret({
  open,
  secret,
  onClose,
}: {
  open: boolean;
  secret: string;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const syncs = useQuery(trpc.sync.list.queryOptions());
  const id = syncs.data?.[0]?.id;
  const address = typeof window === 'undefined' ? '' : window.location.origin;
  const path = id === undefined ? '/api/v1/syncs' : `/api/v1/syncs/${id}/trigger`;
  const method = id === undefined ? '' : ' -X POST';
  const authorization = `-H "Authorization: Bearer ${secret}"`;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title="Copy your token now"
      width="lg"
      footer={
        <Button variant="primary" onClick={onClose}>
          I have copied it
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <Callout tone="caution" title="It is shown only this once">
          Sluice keeps a fingerprint of it, not the token. If you lose it, create another.
        </Callout>
        <CodeBlock code={secret} label="Copy the token" wrap />
        <div className="flex flex-col gap-1.5">
          <h3 className="font-medium text-ink text-sm">
            {id === undefined ? 'Try it: list the syncs' : 'Try it: start a sync'}
          </h3>
          <CodeBlock
            code={`curl${method} ${authorization} \\\n  ${address}${path}`}
            label="Copy the command"
          />
        </div>
      </div>
    </Dialog>
  );
}
