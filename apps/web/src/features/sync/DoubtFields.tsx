'use client';

import { type DoubtPolicy, doubtPolicies, doubtPolicyIds } from '@sluice/domain/doubt';
import { Callout } from '@sluice/ui/Callout';
import { RadioCards } from '@sluice/ui/RadioCards';

/** What becomes of rows whose answer was lost. */
export function DoubtFields({
  value,
  onChange,
  cannotTellRepeat,
}: {
  value: DoubtPolicy;
  onChange: (value: DoubtPolicy) => void;
  /** What is sent again arrives twice. */
  cannotTellRepeat: boolean;
}) {
  return (
    <div className="flex flex-col gap-3">
      {cannotTellRepeat && (
        <Callout tone={value === 'hold' ? 'info' : 'caution'}>
          This destination cannot tell a repeat: a row that did arrive arrives twice when it is sent again.
        </Callout>
      )}
      <RadioCards
        label="Rows in doubt"
        value={value}
        onChange={onChange}
        columns={2}
        cards={doubtPolicyIds.map((policy) => ({
          value: policy,
          title: doubtPolicies[policy].label,
          description: doubtPolicies[policy].effect,
        }))}
      />
    </div>
  );
}
