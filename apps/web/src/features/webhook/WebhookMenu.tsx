'use client';

import type { WebhookView } from '@sluice/domain/webhook';
import { Button, IconButton } from '@sluice/ui/Button';
import { ConfirmDialog } from '@sluice/ui/ConfirmDialog';
import { RowControls } from '@sluice/ui/DataTable';
import { Menu, MenuItem, MenuSeparator } from '@sluice/ui/Menu';
import { useQueryClient } from '@tanstack/react-query';
import { Ellipsis, KeyRound, Pause, Pencil, Play, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { useAction } from '#trpc/use-action.ts';
import { WebhookDialog } from './WebhookDialog.tsx';
import { WebhookSecret } from './WebhookSecret.tsx';

/** What can be done with an endpoint. `onTested` is told when a test is on its way. */
export function WebhookMenu({ webhook, onTested }: { webhook: WebhookView; onTested: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [shown, setShown] = useState<'edit' | 'remove' | 'rotate' | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.webhook.pathKey() });
  const { id, name, disabled } = webhook;
  const test = useAction(
    trpc.webhook.test.mutationOptions({
      onSuccess: async () => {
        await refresh();
        onTested();
      },
    }),
    { failure: 'The test was not sent.' },
  );
  const update = useAction(trpc.webhook.update.mutationOptions({ onSuccess: refresh }), {
    success: () => ({ title: disabled ? `${name} hears of runs again.` : `${name} is paused.` }),
    failure: 'The webhook was not changed.',
  });
  const rotate = useAction(
    trpc.webhook.rotate.mutationOptions({
      onSuccess: async (rotated) => {
        setShown(null);
        setSecret(rotated.secret);
        await refresh();
      },
    }),
    { failure: 'The secret was not rotated.' },
  );
  const remove = useAction(
    trpc.webhook.remove.mutationOptions({
      onSuccess: async () => {
        setShown(null);
        await refresh();
      },
    }),
    { success: () => ({ title: `Removed ${name}.` }), failure: 'The webhook was not removed.' },
  );
  return (
    <RowControls>
      <Button
        size="sm"
        loading={test.isPending}
        onClick={() => test.mutate({ id })}
        aria-label={`Send a test to ${name}`}
      >
        Send a test
      </Button>
      <Menu
        label={`Actions for ${name}`}
        trigger={
          <IconButton size="icon-sm" label={`Actions for ${name}`}>
            <Ellipsis aria-hidden="true" />
          </IconButton>
        }
      >
        <MenuItem icon={<Pencil aria-hidden="true" />} onSelect={() => setShown('edit')}>
          Edit…
        </MenuItem>
        <MenuItem
          icon={disabled ? <Play aria-hidden="true" /> : <Pause aria-hidden="true" />}
          onSelect={() => update.mutate({ id, disabled: !disabled })}
        >
          {disabled ? 'Resume' : 'Pause'}
        </MenuItem>
        <MenuItem icon={<KeyRound aria-hidden="true" />} onSelect={() => setShown('rotate')}>
          Rotate the secret…
        </MenuItem>
        <MenuSeparator />
        <MenuItem tone="danger" icon={<Trash2 aria-hidden="true" />} onSelect={() => setShown('remove')}>
          Remove…
        </MenuItem>
      </Menu>
      {shown === 'edit' && <WebhookDialog webhook={webhook} open onClose={() => setShown(null)} />}
      <ConfirmDialog
        open={shown === 'rotate'}
        onOpenChange={(open) => !open && setShown(null)}
        title={`Give ${name} a new secret?`}
        action="Rotate secret"
        tone="primary"
        loading={rotate.isPending}
        error={<ErrorCallout error={rotate.error} />}
        onConfirm={() => rotate.mutate({ id, overlapHours: 24 })}
      >
        For 24 hours requests are signed by both secrets, so that the receiver can change over without a gap.
      </ConfirmDialog>
      <ConfirmDialog
        open={shown === 'remove'}
        onOpenChange={(open) => !open && setShown(null)}
        title={`Remove ${name}?`}
        action="Remove webhook"
        loading={remove.isPending}
        error={<ErrorCallout error={remove.error} />}
        onConfirm={() => remove.mutate({ id })}
      >
        It hears of no run any more, and the list of its deliveries goes with it.
        {webhook.pending > 0 && ` ${webhook.pending} waiting deliveries are not sent.`}
      </ConfirmDialog>
      {secret !== null && <WebhookSecret secret={secret} overlap onClose={() => setSecret(null)} />}
    </RowControls>
  );
}
