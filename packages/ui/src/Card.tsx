import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** A bordered surface. `footer` holds the buttons of a form in it. */
export function Card({
  title,
  description,
  actions,
  footer,
  flush = false,
  children,
}: {
  title?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  footer?: ReactNode;
  /** Without padding: for a table or list that reaches the edges. */
  flush?: boolean;
  children?: ReactNode;
}) {
  return (
    <div className="flex min-w-0 flex-col overflow-hidden rounded-lg border bg-surface shadow-raised">
      {(title || actions) && (
        <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 pt-3.5 pb-3">
          <div className="min-w-0">
            <h2 className="font-semibold text-base text-ink">{title}</h2>
            {description && <p className="mt-0.5 text-pretty text-muted text-sm">{description}</p>}
          </div>
          {actions && <div className="flex items-center gap-2">{actions}</div>}
        </div>
      )}
      {children !== undefined && (
        <div className={classNames('min-w-0', !flush && 'px-4 pb-4', !flush && !title && !actions && 'pt-4')}>
          {children}
        </div>
      )}
      {footer && (
        <div className="flex flex-wrap items-center justify-end gap-2 border-t bg-sunken px-4 py-2.5">
          {footer}
        </div>
      )}
    </div>
  );
}
