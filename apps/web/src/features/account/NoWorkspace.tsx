'use client';

import { Button } from '@sluice/ui/Button';
import { Wordmark } from '@sluice/ui/Wordmark';
import { signOut } from 'next-auth/react';
import { useState } from 'react';
import { CreateWorkspaceDialog } from '#features/settings/CreateWorkspaceDialog.tsx';
import { paths } from '#paths.ts';
import { TrpcProvider } from '#trpc/TrpcProvider.tsx';

/** For somebody who is a member nowhere any more. */
export function NoWorkspace({ email }: { email: string }) {
  const [creating, setCreating] = useState(false);
  return (
    <TrpcProvider workspace={null}>
      <main className="flex min-h-dvh flex-col items-center justify-center gap-6 px-6 text-center">
        <title>No workspace | Sluice</title>
        <Wordmark />
        <div className="max-w-sm">
          <h1 className="font-semibold text-ink text-xl">You are not a member of any workspace</h1>
          <p className="mt-2 text-muted">
            You are signed in as {email}. Ask a colleague for an invitation link, or create a workspace in an
            organisation that you own.
          </p>
        </div>
        <div className="flex gap-2">
          <Button
            onClick={() => void signOut({ redirect: false }).then(() => window.location.assign(paths.signIn))}
          >
            Sign out
          </Button>
          <Button variant="primary" onClick={() => setCreating(true)}>
            Create workspace…
          </Button>
        </div>
        <CreateWorkspaceDialog open={creating} onOpenChange={setCreating} />
      </main>
    </TrpcProvider>
  );
}
