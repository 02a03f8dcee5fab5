import type { RowOutcome } from '@sluice/domain/change';
import type { Tone } from '@sluice/ui/Badge';
import { CircleCheck, CircleDashed, CircleHelp, CirclePause, CircleSlash, CircleX } from 'lucide-react';
import type { ReactNode } from 'react';

interface OutcomeWords {
  label: string;
  description: string;
  tone: Tone;
  icon: ReactNode;
}

/** Words, tone and icon of every end a planned row can have. */
export const outcomeWords: Record<RowOutcome, OutcomeWords> = {
  delivered: {
    label: 'Delivered',
    description: 'The destination confirmed the row.',
    tone: 'positive',
    icon: <CircleCheck aria-hidden="true" className="size-3.5 text-positive" />,
  },
  rejected: {
    label: 'Rejected',
    description: 'The row was refused, for a reason that is shown. The next run tries it again.',
    tone: 'critical',
    icon: <CircleX aria-hidden="true" className="size-3.5 text-critical" />,
  },
  uncertain: {
    label: 'In doubt',
    description: 'The row was sent, but the answer was lost. The next run sends it again.',
    tone: 'caution',
    icon: <CircleHelp aria-hidden="true" className="size-3.5 text-caution" />,
  },
  held: {
    label: 'Held',
    description: 'Nobody knows whether the row arrived. It waits for a person to say so.',
    tone: 'caution',
    icon: <CirclePause aria-hidden="true" className="size-3.5 text-caution" />,
  },
  skipped: {
    label: 'Not sent',
    description: 'The mode of the sync does not send rows of this class.',
    tone: 'neutral',
    icon: <CircleSlash aria-hidden="true" className="size-3.5 text-faint" />,
  },
  not_attempted: {
    label: 'Not attempted',
    description: 'The run ended before the row was sent. The next run plans it again.',
    tone: 'neutral',
    icon: <CircleDashed aria-hidden="true" className="size-3.5 text-faint" />,
  },
};
