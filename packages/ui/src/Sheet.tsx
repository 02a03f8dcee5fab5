'use client';

import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

const widths = { nav: 'max-w-72', md: 'max-w-xl', lg: 'max-w-3xl' };

/** A panel from the side: details of a row, a longer form, the navigation of a phone. */
export function Sheet({
  open,
  onOpenChange,
  title,
  hideTitle = false,
  description,
  side = 'end',
  width = 'md',
  footer,
  children,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  hideTitle?: boolean;
  description?: ReactNode;
  side?: 'start' | 'end';
  width?: keyof typeof widths;
  footer?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-overlay animate-fade bg-scrim" />
        <Radix.Content
          {...(description === undefined && { 'aria-describedby': undefined })}
          className={classNames(
            'fixed inset-y-0 z-overlay flex w-full flex-col bg-raised shadow-overlay outline-none',
            side === 'end' ? 'right-0 animate-slide-end' : 'left-0 animate-slide-start',
            widths[width],
          )}
        >
          <div
            className={
              hideTitle
                ? 'absolute top-2 right-2 z-raised'
                : 'flex items-start justify-between gap-4 border-b px-5 py-3.5'
            }
          >
            <div className={hideTitle ? 'sr-only' : 'min-w-0'}>
              <Radix.Title className="truncate font-semibold text-ink text-lg">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description asChild>
                  <div className="mt-0.5 text-muted text-sm">{description}</div>
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
          <div
            className={classNames(
              'min-h-0 flex-1 overflow-y-auto overscroll-contain',
              !hideTitle && 'px-5 py-4',
            )}
          >
            {children}
          </div>
          {footer && <div className="flex flex-wrap justify-end gap-2 border-t px-5 py-3">{footer}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
