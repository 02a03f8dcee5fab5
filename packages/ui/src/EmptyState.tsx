import type { ReactNode } from 'react';

/** First use: says what this is for and offers the one next step. Title in the active voice. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon?: ReactNode;
  title: string;
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-4 rounded-lg border border-line-strong border-dashed px-6 py-14 text-center">
      {icon && (
        <span className="flex size-11 items-center justify-center rounded-xl border bg-surface text-accent shadow-raised [&_svg]:size-5">
          {icon}
        </span>
      )}
      <div className="max-w-md">
        <h2 className="font-semibold text-base text-ink">{title}</h2>
        <div className="mt-1 text-pretty text-muted text-sm">{children}</div>
      </div>
      {action && <div className="flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
