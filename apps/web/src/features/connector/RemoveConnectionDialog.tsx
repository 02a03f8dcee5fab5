'use client';

import type { ConnectionView } from '@sluice/domain/connection';
import { Callout } from '@sluice/ui/Callout';
import { ConfirmDialog } from '@sluice/ui/ConfirmDialog';
import { TextLink } from '@sluice/ui/TextLink';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

/** Asks before a connection is removed. One that is in use cannot be: then it names what uses it. */
export function RemoveConnectionDialog({
  noun,
  connection,
  users,
  usersNoun,
  remove,
  onClose,
}: {
  noun: 'source' | 'destination';
  connection: ConnectionView;
  users: readonly { label: string; href: string }[];
  usersNoun: string;
  remove: { mutate: () => void; isPending: boolean; error: unknown };
  onClose: () => void;
}) {
  const inUse = users.length > 0;
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Remove ${connection.name}?`}
      action={inUse ? 'Close' : `Remove ${noun}`}
      tone={inUse ? 'primary' : 'danger'}
      loading={remove.isPending}
      error={remove.error != null && <ErrorCallout error={remove.error} />}
      onConfirm={inUse ? onClose : remove.mutate}
    >
      {inUse ? (
        <Callout tone="caution" title={`This ${noun} is in use.`}>
          <p>Remove or change {usersNoun} first:</p>
          <ul className="mt-1 list-disc pl-4">
            {users.map((user) => (
              <li key={user.href}>
                <TextLink href={user.href}>{user.label}</TextLink>
              </li>
            ))}
          </ul>
        </Callout>
      ) : (
        <p>
          Its credentials are deleted for good. Nothing in the {noun} itself changes, and the audit log keeps
          who removed it.
        </p>
      )}
    </ConfirmDialog>
  );
}
