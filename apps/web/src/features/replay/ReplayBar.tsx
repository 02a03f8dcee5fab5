'use client';

import { Button } from '@sluice/ui/Button';
import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { useReplayChoice } from './ReplayContext.tsx';
import { ReplaySheet } from './ReplaySheet.tsx';
import { correctedRows, noChoice, replayOf } from './replay-choice.ts';

const number = new Intl.NumberFormat('en');

/** How many rows are chosen, and the way to send them again; nothing while none is. */
export function ReplayBar({ runId }: { runId: number }) {
  const { whyNot } = useWorkspace();
  const { choice, setChoice } = useReplayChoice();
  const [open, setOpen] = useState(false);
  if (choice.size === 0) return null;
  const corrected = correctedRows(choice).length;
  return (
    <>
      <section
        aria-label="Chosen rows"
        className="sticky bottom-0 z-sticky -mx-4 flex flex-wrap items-center justify-between gap-3 border-t bg-canvas px-4 py-3 sm:mx-0 sm:px-0"
      >
        <p role="status" className="text-ink text-sm">
          <span className="tabular font-semibold">{number.format(choice.size)}</span>{' '}
          {choice.size === 1 ? 'row' : 'rows'} chosen
          {corrected > 0 && <span className="text-muted">, {number.format(corrected)} corrected</span>}
        </p>
        <div className="flex gap-2">
          <Button onClick={() => setChoice(noChoice)}>Clear</Button>
          <Button variant="primary" disabledReason={whyNot('sync.trigger')} onClick={() => setOpen(true)}>
            <RotateCw />
            Replay…
          </Button>
        </div>
      </section>
      {open && (
        <ReplaySheet
          input={replayOf(runId, choice)}
          title={choice.size === 1 ? 'Replay 1 row' : `Replay ${number.format(choice.size)} rows`}
          onClose={() => setOpen(false)}
          onStarted={() => setChoice(noChoice)}
        />
      )}
    </>
  );
}
