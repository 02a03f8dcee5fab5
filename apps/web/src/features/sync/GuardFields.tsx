'use client';

import { Field } from '@sluice/ui/Field';
import { Input } from '@sluice/ui/Input';
import type { SyncDraft } from './sync-draft.ts';

/** Limits beyond which a run stops before it sends anything. */
export function GuardFields({
  guards,
  onChange,
}: {
  guards: SyncDraft['guards'];
  onChange: (guards: SyncDraft['guards']) => void;
}) {
  const share = guards.removedShareMax;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label="Removals at most, in percent"
        help="Of the rows the destination is known to hold; applies above 100 removals. Empty = no limit."
      >
        {(aria) => (
          <Input
            {...aria}
            type="number"
            min={0}
            max={100}
            value={share === null ? '' : Math.round(share * 1000) / 10}
            onChange={(event) => {
              const percent = event.target.valueAsNumber;
              const removedShareMax = Number.isFinite(percent)
                ? Math.min(100, Math.max(0, percent)) / 100
                : null;
              onChange({ ...guards, removedShareMax });
            }}
          />
        )}
      </Field>
      <Field label="Changed rows at most" help="In one run. Empty = no limit.">
        {(aria) => (
          <Input
            {...aria}
            type="number"
            min={1}
            value={guards.changedRowsMax ?? ''}
            onChange={(event) => {
              const rows = Math.floor(event.target.valueAsNumber);
              onChange({ ...guards, changedRowsMax: Number.isFinite(rows) && rows >= 1 ? rows : null });
            }}
          />
        )}
      </Field>
    </div>
  );
}
