import type { SequenceRunStatus } from '@sluice/domain/sequence';
import { Spinner } from '@sluice/ui/Spinner';
import { Status } from '@sluice/ui/Status';
import { CircleCheck, CircleSlash, CircleX, Hourglass } from 'lucide-react';
import type { ReactNode } from 'react';
import { sequenceStatusWords } from './sequence-words.ts';

const icons: Record<SequenceRunStatus, ReactNode> = {
  pending: <Hourglass />,
  running: <Spinner />,
  done: <CircleCheck />,
  failed: <CircleX />,
  cancelled: <CircleSlash />,
};

/** The status of a sequence run: icon, word and colour, with its meaning on hover. */
export function SequenceStatusBadge({ status }: { status: SequenceRunStatus }) {
  const words = sequenceStatusWords[status];
  return (
    <Status tone={words.tone} icon={icons[status]} label={words.label} description={words.description} />
  );
}
