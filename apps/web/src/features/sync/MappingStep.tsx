'use client';

import { Button } from '@sluice/ui/Button';
import { Send } from 'lucide-react';
import { useState } from 'react';
import { useWorkspace } from '#shell/workspace-context.tsx';
import { draftInput } from './draft-input.ts';
import { HttpRequestForm } from './HttpRequestForm.tsx';
import { LivePreview } from './LivePreview.tsx';
import { MappingTable } from './MappingTable.tsx';
import { ObjectOptions } from './ObjectOptions.tsx';
import type { StepProps } from './step-props.ts';
import { TestRowDialog } from './TestRowDialog.tsx';

/** How a row becomes a record, with five real rows as proof; one row can be sent as a test. */
export function MappingStep(props: StepProps) {
  const { draft, queries, syncId } = props;
  const { whyNot } = useWorkspace();
  const [testing, setTesting] = useState(false);
  const input = draftInput(draft, queries.facts, syncId);
  const template = queries.facts.object?.mapping === 'template';
  const options = queries.facts.object?.options ?? [];
  const hint = template
    ? `Complete the ${options.length > 0 ? 'texts' : 'requests'}, and rows appear here.`
    : 'Complete what is required above, and rows appear here.';
  return (
    <div className="flex min-w-0 flex-col gap-6">
      {options.length > 0 && <ObjectOptions {...props} />}
      {!template && <MappingTable {...props} />}
      {template && options.length === 0 && <HttpRequestForm {...props} />}
      <LivePreview input={input} hint={hint} />
      <div className="flex items-center gap-3">
        <Button
          onClick={() => setTesting(true)}
          disabledReason={whyNot('sync.write') ?? (input ? null : 'Complete the mapping first.')}
        >
          <Send />
          Test one row…
        </Button>
        <span className="text-faint text-xs">Really sends it, and shows the answer.</span>
      </div>
      {testing && input && (
        <TestRowDialog
          input={input}
          destinationName={queries.destination.data?.name ?? 'the destination'}
          onClose={() => setTesting(false)}
        />
      )}
    </div>
  );
}
