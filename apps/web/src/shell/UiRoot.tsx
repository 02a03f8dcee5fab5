'use client';

import { LinkProvider } from '@sluice/ui/Link';
import { Toaster } from '@sluice/ui/Toast';
import { TooltipProvider } from '@sluice/ui/Tooltip';
import NextLink from 'next/link';
import type { ReactNode } from 'react';

/** What the design system needs once: the router's links, tooltips, toasts. */
export function UiRoot({ children }: { children: ReactNode }) {
  return (
    <LinkProvider component={NextLink}>
      <TooltipProvider>
        {children}
        <Toaster />
      </TooltipProvider>
    </LinkProvider>
  );
}
