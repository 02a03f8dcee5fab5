import { cva, type VariantProps } from 'class-variance-authority';
import type { ReactNode } from 'react';

const look = cva(
  'inline-flex max-w-full items-center gap-1 whitespace-nowrap rounded-full border px-2 py-px font-medium text-xs [&_svg]:size-3.5 [&_svg]:shrink-0',
  {
    variants: {
      tone: {
        neutral: 'border-line bg-sunken text-muted',
        accent: 'border-accent-line bg-accent-soft text-accent-strong',
        positive: 'border-positive-line bg-positive-soft text-positive',
        caution: 'border-caution-line bg-caution-soft text-caution',
        critical: 'border-critical-line bg-critical-soft text-critical',
      },
    },
    defaultVariants: { tone: 'neutral' },
  },
);

export type Tone = NonNullable<VariantProps<typeof look>['tone']>;

/** A short word about something. With an icon where it is a status: never colour alone. */
export function Badge({ tone, icon, children }: { tone?: Tone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={look({ tone })}>
      {icon}
      <span className="truncate">{children}</span>
    </span>
  );
}
