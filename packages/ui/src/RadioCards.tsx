'use client';

import { RadioGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export interface RadioCard<Value extends string> {
  value: Value;
  title: ReactNode;
  description?: ReactNode;
  /** Below the description: effects, an example. */
  detail?: ReactNode;
  /** Why it cannot be chosen. */
  disabledReason?: string | null;
}

/** One choice out of a few that need explaining. */
export function RadioCards<Value extends string>({
  value,
  cards,
  onChange,
  label,
  columns = 1,
}: {
  value: Value | null;
  cards: readonly RadioCard<Value>[];
  onChange: (value: Value) => void;
  label: string;
  columns?: 1 | 2 | 3;
}) {
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      onValueChange={(next) => onChange(next as Value)}
      className={classNames(
        'grid gap-2',
        columns === 2 && 'sm:grid-cols-2',
        columns === 3 && 'sm:grid-cols-2 lg:grid-cols-3',
      )}
    >
      {cards.map((card) => (
        <RadioGroup.Item
          key={card.value}
          value={card.value}
          disabled={Boolean(card.disabledReason)}
          className="focus-ring group flex items-start gap-3 rounded-lg border bg-surface p-3 text-left transition-colors hover:border-line-strong disabled:opacity-60 data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft"
        >
          <span
            aria-hidden="true"
            className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-full border border-control bg-surface group-data-[state=checked]:border-[5px] group-data-[state=checked]:border-accent"
          />
          <span className="min-w-0 flex-1">
            <span className="block font-medium text-ink text-sm">{card.title}</span>
            {card.description && <span className="block text-muted text-xs">{card.description}</span>}
            {card.disabledReason && <span className="block text-caution text-xs">{card.disabledReason}</span>}
            {card.detail && <span className="mt-2 block">{card.detail}</span>}
          </span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
