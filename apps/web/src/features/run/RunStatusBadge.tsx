import type { SyncStatus } from '@sluice/domain/run-status';
import { Spinner } from '@sluice/ui/Spinner';
import { Status } from '@sluice/ui/Status';
import {
  CircleCheck,
  CircleDashed,
  CirclePause,
  CircleSlash,
  CircleX,
  Hourglass,
  TriangleAlert,
  Unplug,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { statusWords } from './run-status.ts';

const icons: Record<SyncStatus, ReactNode> = {
  pending: <CircleDashed />,
  disabled: <CirclePause />,
  queued: <Hourglass />,
  querying: <Spinner />,
  processing: <Spinner />,
  reporting: <Spinner />,
  success: <CircleCheck />,
  warning: <TriangleAlert />,
  failed: <CircleX />,
  cancelled: <CircleSlash />,
  interrupted: <Unplug />,
};

/** The status of a run or of a sync: icon, word and colour, with its meaning on hover. */
export function RunStatusBadge({ status }: { status: SyncStatus }) {
  const words = statusWords[status];
  return (
    <Status tone={words.tone} icon={icons[status]} label={words.label} description={words.description} />
  );
}
