import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

const tones = {
  info: { box: 'border-accent-line bg-accent-soft', icon: <Info className="text-accent" /> },
  positive: { box: 'border-positive-line bg-positive-soft', icon: <CircleCheck className="text-positive" /> },
  caution: { box: 'border-caution-line bg-caution-soft', icon: <TriangleAlert className="text-caution" /> },
  critical: { box: 'border-critical-line bg-critical-soft', icon: <CircleAlert className="text-critical" /> },
};

/** A message in place. Critical ones are announced to screen readers when they appear. */
export function Callout({
  tone = 'info',
  title,
  actions,
  children,
}: {
  tone?: keyof typeof tones;
  title?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div
      role={tone === 'critical' ? 'alert' : undefined}
      className={classNames(
        'flex min-w-0 items-start gap-2.5 rounded-lg border px-3.5 py-3 text-sm',
        tones[tone].box,
      )}
    >
      <span aria-hidden="true" className="mt-0.5 shrink-0 [&_svg]:size-4">
        {tones[tone].icon}
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        {title && <p className="break-words font-medium text-ink">{title}</p>}
        {children && <div className="min-w-0 break-words text-muted">{children}</div>}
        {actions && <div className="mt-1.5 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
