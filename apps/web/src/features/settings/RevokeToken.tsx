'use client';

import type { TokenView } from '@sluice/domain/workspace';
import { Button } from '@sluice/ui/Button';
import { ConfirmDialog } from '@sluice/ui/ConfirmDialog';
import { toast } from '@sluice/ui/Toast';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

export function RevokeToken({ token }: { token: TokenView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [confirming, setConfirming] = useState(false);
  const revoke = useMutation(
    trpc.token.revoke.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.token.list.queryKey() });
        setConfirming(false);
        toast.success({ title: `Revoked ${token.name}.` });
      },
    }),
  );
  return (
    <>
      <Button size="sm" onClick={() => setConfirming(true)} aria-label={`Revoke ${token.name}`}>
        Revoke
      </Button>
      <ConfirmDialog
        open={confirming}
        onOpenChange={setConfirming}
        title={`Revoke ${token.name}?`}
        action="Revoke token"
        loading={revoke.isPending}
        error={<ErrorCallout error={revoke.error} />}
        onConfirm={() => revoke.mutate({ id: token.id })}
      >
        Whatever uses this token is refused from now on. This cannot be undone; create another token instead.
      </ConfirmDialog>
    </>
  );
}
