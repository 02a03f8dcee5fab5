'use client';

import { type ChangeClass, changeClasses } from '@sluice/domain/change';
import { type SyncModeId, syncModes } from '@sluice/domain/sync-mode';
import { RadioCards } from '@sluice/ui/RadioCards';
import { ClassMark } from '#features/run/ClassMark.tsx';

/** The modes an object offers; each says what happens to added, changed and removed rows. */
export function ModeCards({
  modes,
  value,
  onChange,
}: {
  modes: readonly SyncModeId[];
  value: SyncModeId | null;
  onChange: (mode: SyncModeId) => void;
}) {
  return (
    <RadioCards
      label="Mode"
      columns={modes.length > 1 ? 2 : 1}
      value={value}
      onChange={onChange}
      cards={modes.map((mode) => ({
        value: mode,
        title: syncModes[mode].label,
        description: syncModes[mode].summary,
        detail: <Effects mode={mode} />,
      }))}
    />
  );
}

function Effects({ mode }: { mode: SyncModeId }) {
  const effects: Record<ChangeClass, string> = syncModes[mode].effects;
  return (
    <span className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-xs">
      {changeClasses.map((name) => (
        <span key={name} className="contents">
          <span className="text-muted">
            <ClassMark name={name} />
          </span>
          <span className="text-ink">{effects[name]}</span>
        </span>
      ))}
    </span>
  );
}
