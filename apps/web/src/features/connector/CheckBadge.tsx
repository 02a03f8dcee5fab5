import type { ConnectionView } from '@sluice/domain/connection';
import { Status } from '@sluice/ui/Status';
import { CircleCheck, CircleDashed, CircleX } from 'lucide-react';

/** What the last "Test connection" said. */
export function CheckBadge({ lastCheck }: { lastCheck: ConnectionView['lastCheck'] }) {
  if (!lastCheck) {
    return (
      <Status
        tone="neutral"
        icon={<CircleDashed />}
        label="Not tested"
        description="Open it and press Test to see whether it works."
      />
    );
  }
  if (lastCheck.ok) {
    return <Status tone="positive" icon={<CircleCheck />} label="Works" description="All checks passed." />;
  }
  const failed = lastCheck.checks.find((check) => check.status === 'failed');
  return (
    <Status
      tone="critical"
      icon={<CircleX />}
      label={failed ? `${failed.label} failed` : 'Failed'}
      description={failed?.message ?? undefined}
    />
  );
}
