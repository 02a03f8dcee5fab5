import { ButtonLink } from '@sluice/ui/Button';
import { Wordmark } from '@sluice/ui/Wordmark';
import { paths } from '#paths.ts';

/** A page for addresses that lead nowhere, or somewhere one may not look: the two must look the same. */
export function Lost() {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-6 px-6 text-center">
      <title>Not found | Sluice</title>
      <Wordmark />
      <div className="max-w-sm">
        <h1 className="font-semibold text-ink text-xl">There is nothing at this address</h1>
        <p className="mt-2 text-muted">
          It may have been removed, or it belongs to a workspace you are not a member of.
        </p>
      </div>
      <ButtonLink variant="primary" href={paths.home}>
        Go to your workspace
      </ButtonLink>
    </main>
  );
}
