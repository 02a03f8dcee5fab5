'use client';

import { Button } from '@sluice/ui/Button';
import type { ReactNode } from 'react';
import { ErrorCallout } from '#trpc/ErrorCallout.tsx';

/**
 * What a list shows besides its rows: an error in place, the lesson of first use, or the list. An error while rows
 * are there stands above them and takes nothing away.
 */
export function ListFrame({
  error,
  failure,
  onRetry,
  isFirstUse,
  firstUse,
  toolbar,
  children,
}: {
  error: unknown;
  /** "The sources could not be loaded." */
  failure: string;
  onRetry: () => void;
  isFirstUse: boolean;
  firstUse: ReactNode;
  toolbar?: ReactNode;
  children: ReactNode;
}) {
  if (isFirstUse) return firstUse;
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {error != null && <ErrorCallout error={error} title={failure} onRetry={onRetry} />}
      {toolbar}
      {children}
    </div>
  );
}

/** The quiet row of a list in which filters leave nothing: says so, and takes them back. */
export function NothingFound({ what, onClear }: { what: string; onClear: () => void }) {
  return (
    <span className="inline-flex flex-col items-center gap-2">
      {what}
      <Button size="sm" onClick={onClear}>
        Clear filters
      </Button>
    </span>
  );
}
