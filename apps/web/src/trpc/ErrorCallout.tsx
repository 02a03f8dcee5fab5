'use client';

import { Button } from '@sluice/ui/Button';
import { Callout } from '@sluice/ui/Callout';
import type { ReactNode } from 'react';
import { type ShownError, shownError } from './error.ts';

/** A failed call, in place: what happened, how to fix it, whose turn it is, and the id to report it with. */
export function ErrorCallout({
  error,
  title,
  onRetry,
  children,
}: {
  /** Whatever was thrown; `null` shows nothing. */
  error: unknown;
  /** What was being tried: "The models could not be loaded." */
  title?: string;
  onRetry?: () => void;
  children?: ReactNode;
}) {
  if (error === null || error === undefined) return null;
  return (
    <ErrorViewCallout error={shownError(error)} title={title} onRetry={onRetry}>
      {children}
    </ErrorViewCallout>
  );
}

/** The same for an error that is already a view, such as that of a run. */
export function ErrorViewCallout({
  error,
  title,
  quiet = false,
  onRetry,
  children,
}: {
  error: Omit<ShownError, 'requestId'> & { requestId?: string | null };
  title?: string;
  /** Without the line for whoever has to report it: where the person themselves just has to try again. */
  quiet?: boolean;
  onRetry?: () => void;
  children?: ReactNode;
}) {
  return (
    <Callout
      tone="critical"
      title={title ?? error.message}
      actions={
        (onRetry || children) && (
          <>
            {onRetry && (
              <Button size="sm" onClick={onRetry}>
                Try again
              </Button>
            )}
            {children}
          </>
        )
      }
    >
      {title && <p>{error.message}</p>}
      <p>{error.fix}</p>
      {!(quiet && error.fault === 'user') && (
        <p className="mt-1 text-faint text-xs">
          {faults[error.fault]} · {error.code}
          {error.requestId && ` · request ${error.requestId}`}
        </p>
      )}
    </Callout>
  );
}

const faults = {
  user: 'Your configuration',
  theirs: 'The other system',
  ours: 'Our fault',
} as const;
