import { Callout } from '@sluice/ui/Callout';

/** Stands in for a settings page that needs another role. */
export function NotAllowed({ reason }: { reason: string }) {
  return (
    <Callout tone="caution" title="You may not see this page">
      {reason}
    </Callout>
  );
}
