'use client';

import { LinkProvider } from '@sluice/ui/Link';
import { Toaster } from '@sluice/ui/Toast';
import { TooltipProvider } from '@sluice/ui/Tooltip';
import type { ReactNode } from 'react';
import { RouterLink } from './RouterLink.tsx';

/** What the design system needs once: the router's links, tooltips, toasts. */
export function UiRoot({ children }: { children: ReactNode }) {
  return (
    <LinkProvider component={RouterLink}>
      <TooltipProvider>
        {children}
        <Toaster />
      </TooltipProvider>
    </LinkProvider>
  );
}
