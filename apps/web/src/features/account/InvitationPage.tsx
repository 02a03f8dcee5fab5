'use client';

import { Button, ButtonLink } from '@sluice/ui/Button';
import { SkeletonLines } from '@sluice/ui/Skeleton';
import { TextLink } from '@sluice/ui/TextLink';
import { useMutation, useQuery } from '@tanstack/react-query';
import { signOut } from 'next-auth/react';
import { paths, workspacePaths } from '#paths.ts';
import { useTRPC } from '#trpc/client.ts';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';
import { SignUpForm } from './SignUpForm.tsx';

/** Where an invitation link leads: accept it as who one is, or create an account. */
export function InvitationPage({
  token,
  account,
}: {
  token: string;
  account: { name: string; email: string } | null;
}) {
  const trpc = useTRPC();
  const invitation = useQuery(trpc.invitation.get.queryOptions({ token }, { retry: false }));
  const accept = useMutation(
    trpc.invitation.accept.mutationOptions({
      onSuccess: ({ workspaceSlug }) => window.location.assign(workspacePaths(workspaceSlug).start),
    }),
  );
  if (invitation.isPending) return <SkeletonLines lines={4} label="Looking the invitation up…" />;
  if (invitation.isError) {
    return (
      <div className="flex flex-col gap-5">
        <title>Invitation | Sluice</title>
        <h1 className="font-semibold text-2xl text-ink tracking-tight">This invitation does not work</h1>
        <ErrorCallout error={invitation.error} />
        <p>
          <ButtonLink href={paths.home}>Go to Sluice</ButtonLink>
        </p>
      </div>
    );
  }
  if (!account) return <SignUpForm invitation={{ token, ...invitation.data }} />;
  return (
    <div className="flex flex-col gap-5">
      <title>Invitation | Sluice</title>
      <div>
        <h1 className="font-semibold text-2xl text-ink tracking-tight">
          Join {invitation.data.workspaceName}
        </h1>
        <p className="mt-1 text-muted">
          You are invited as {invitation.data.role}. You are signed in as {account.name} ({account.email}).
        </p>
      </div>
      <ErrorCallout error={accept.error} />
      <Button variant="primary" size="lg" loading={accept.isPending} onClick={() => accept.mutate({ token })}>
        Join as {account.name}
      </Button>
      <p className="text-muted text-sm">
        Not you?{' '}
        <TextLink
          href={paths.signIn}
          onClick={(event) => {
            event.preventDefault();
            void signOut({ redirect: false }).then(() => window.location.reload());
          }}
        >
          Use another account
        </TextLink>
      </p>
    </div>
  );
}
