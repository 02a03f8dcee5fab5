'use client';

import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

const widths = { sm: 'sm:max-w-md', md: 'sm:max-w-lg', lg: 'sm:max-w-2xl' };

/** A short task above the page. Focus is kept inside and returned; Escape closes. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  width = 'md',
  footer,
  children,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  width?: keyof typeof widths;
  /** Buttons, the main one last. */
  footer?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-overlay grid animate-fade grid-cols-[minmax(0,1fr)] place-items-end overflow-y-auto bg-scrim sm:place-items-center sm:p-6">
          <Radix.Content
            {...(description === undefined && { 'aria-describedby': undefined })}
            className={classNames(
              'relative flex w-full animate-pop flex-col rounded-t-xl bg-raised shadow-overlay outline-none sm:rounded-xl',
              widths[width],
            )}
          >
            <div className="flex items-start justify-between gap-4 px-5 pt-4">
              <div className="min-w-0">
                <Radix.Title className="text-balance font-semibold text-ink text-lg">{title}</Radix.Title>
                {description !== undefined && (
                  <Radix.Description asChild>
                    <div className="mt-1 text-pretty text-muted text-sm">{description}</div>
                  </Radix.Description>
                )}
              </div>
              <Radix.Close
                aria-label="Close"
                className="focus-ring -mr-2 flex size-8 shrink-0 items-center justify-center rounded-md text-faint hover:bg-hover hover:text-ink"
              >
                <X aria-hidden="true" className="size-4" />
              </Radix.Close>
            </div>
            <div className="px-5 py-4">{children}</div>
            {footer && (
              <div className="flex flex-wrap justify-end gap-2 border-t px-5 py-3 max-sm:*:flex-1">
                {footer}
              </div>
            )}
          </Radix.Content>
        </Radix.Overlay>
      </Radix.Portal>
    </Radix.Root>
  );
}
