'use client';

import type { MemberView } from '@sluice/domain/workspace';
import { IconButton } from '@sluice/ui/Button';
import { ConfirmDialog } from '@sluice/ui/ConfirmDialog';
import { copyText } from '@sluice/ui/CopyButton';
import { RowControls } from '@sluice/ui/DataTable';
import { Menu, MenuItem, MenuSeparator } from '@sluice/ui/Menu';
import { toast } from '@sluice/ui/Toast';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Copy, Ellipsis, UserMinus } from 'lucide-react';
import { useState } from 'react';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

/** What can be done with a member. */
export function MemberMenu({ member }: { member: MemberView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { account, name, whyNot } = useWorkspace();
  const [confirming, setConfirming] = useState(false);
  const remove = useMutation(
    trpc.member.remove.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.member.list.queryKey() });
        setConfirming(false);
        toast.success({ title: `${member.name} is no longer a member.` });
      },
    }),
  );
  const self = member.userId === account.id ? 'Another admin can remove you.' : null;
  return (
    <RowControls>
      <Menu
        label={`Actions for ${member.name}`}
        trigger={
          <IconButton size="icon-sm" label={`Actions for ${member.name}`}>
            <Ellipsis aria-hidden="true" />
          </IconButton>
        }
      >
        <MenuItem
          icon={<Copy aria-hidden="true" />}
          onSelect={() =>
            void copyText(member.email).then(() => toast.success({ title: 'Copied the address.' }))
          }
        >
          Copy e-mail address
        </MenuItem>
        <MenuSeparator />
        <MenuItem
          tone="danger"
          icon={<UserMinus aria-hidden="true" />}
          disabledReason={whyNot('member.manage') ?? self}
          onSelect={() => setConfirming(true)}
        >
          Remove from workspace…
        </MenuItem>
      </Menu>
      <ConfirmDialog
        open={confirming}
        onOpenChange={setConfirming}
        title={`Remove ${member.name}?`}
        action="Remove member"
        loading={remove.isPending}
        error={<ErrorCallout error={remove.error} />}
        onConfirm={() => remove.mutate({ userId: member.userId })}
      >
        {member.name} can no longer open {name}, and every session of theirs ends. What they configured stays.
        They can be invited again.
      </ConfirmDialog>
    </RowControls>
  );
}
