'use client';

import { type ConnectorCategory, connectorCategories } from '@sluice/domain/connector';
import { classNames } from '@sluice/ui/class-names';

/** One button for each category that has something; the chosen one narrows the catalogue, and lets go when pressed again. */
export function CategoryFilter({
  counts,
  value,
  onChange,
}: {
  counts: ReadonlyMap<ConnectorCategory, number>;
  value: ConnectorCategory | null;
  onChange: (category: ConnectorCategory | null) => void;
}) {
  return (
    <fieldset className="flex flex-wrap gap-1.5">
      <legend className="sr-only">Category</legend>
      {[...counts].map(([category, count]) => (
        <button
          key={category}
          type="button"
          aria-pressed={category === value}
          onClick={() => onChange(category === value ? null : category)}
          className={classNames(
            'focus-ring inline-flex h-7 items-center gap-1.5 rounded-full border px-2.5 text-xs transition-colors pointer-coarse:h-9',
            category === value
              ? 'border-accent bg-accent-soft font-medium text-ink'
              : 'bg-surface text-muted hover:bg-hover',
          )}
        >
          {connectorCategories[category]}
          <span className={classNames('tabular', category === value ? 'text-muted' : 'text-faint')}>
            {count}
          </span>
        </button>
      ))}
    </fieldset>
  );
}
