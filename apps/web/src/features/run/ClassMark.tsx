import type { ChangeClass } from '@sluice/domain/change';
import { classNames } from '@sluice/ui/class-names';
import { Minus, Plus, Triangle } from 'lucide-react';

/** Sign, word and colour of a class of change. */
export const classWords = {
  added: { label: 'Added', icon: Plus, color: 'text-added' },
  changed: { label: 'Changed', icon: Triangle, color: 'text-changed' },
  removed: { label: 'Removed', icon: Minus, color: 'text-removed' },
} as const satisfies Record<ChangeClass, unknown>;

/** `+ Added`, `△ Changed`, `− Removed`. */
export function ClassMark({
  name,
  hideLabel = false,
  narrow = false,
}: {
  name: ChangeClass;
  hideLabel?: boolean;
  /** Only the word where the screen is small. */
  narrow?: boolean;
}) {
  const { label, icon: Icon, color } = classWords[name];
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <Icon
        aria-hidden="true"
        className={classNames('size-3.5 shrink-0', color, narrow && 'max-sm:hidden')}
        strokeWidth={2.5}
      />
      <span className={hideLabel ? 'sr-only' : undefined}>{label}</span>
    </span>
  );
}
