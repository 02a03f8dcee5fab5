'use client';

import type { Role } from '@sluice/domain/permission';
import type { MemberView } from '@sluice/domain/workspace';
import { Badge } from '@sluice/ui/Badge';
import { Select } from '@sluice/ui/Select';
import { useQueryClient } from '@tanstack/react-query';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useTRPC } from '#trpc/client.ts';
import { useAction } from '#trpc/use-action.ts';
import { roleOptions, roleWords } from './role-words.ts';

/** A member's role; admins change that of others in place. */
export function MemberRole({ member }: { member: MemberView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { account, can } = useWorkspace();
  const update = useAction(
    trpc.member.update.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.member.list.queryKey() }),
    }),
    {
      success: (saved) => ({ title: `${saved.name} is now ${roleWords[saved.role].label.toLowerCase()}.` }),
      failure: `The role of ${member.name} was not changed.`,
    },
  );
  if (!can('member.manage') || member.userId === account.id)
    return <Badge>{roleWords[member.role].label}</Badge>;
  const shown = update.isPending ? update.variables.role : member.role;
  return (
    <span className="block w-32">
      <Select<Role>
        aria-label={`Role of ${member.name}`}
        value={shown}
        options={roleOptions}
        disabled={update.isPending}
        onChange={(role) => update.mutate({ userId: member.userId, role })}
      />
    </span>
  );
}
