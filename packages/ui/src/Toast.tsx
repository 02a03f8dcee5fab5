'use client';

import { CircleAlert, CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { Toaster as Sonner, toast as sonner } from 'sonner';

/** Where toasts appear. Mount once. */
export function Toaster() {
  return (
    <Sonner
      position="bottom-right"
      className="z-toast"
      visibleToasts={4}
      toastOptions={{ unstyled: true, classNames: { toast: 'w-full' } }}
    />
  );
}

interface ToastContent {
  title: ReactNode;
  description?: ReactNode;
  /** A link to what was made. */
  action?: ReactNode;
}

/** For things that happen elsewhere or later; never for validation. Errors stay until they are closed. */
export const toast = {
  success: (content: ToastContent) =>
    sonner.custom((id) => <ToastBox id={id} {...content} tone="positive" />, { duration: 5000 }),
  error: (content: ToastContent) =>
    sonner.custom((id) => <ToastBox id={id} {...content} tone="critical" />, {
      duration: Number.POSITIVE_INFINITY,
    }),
};

function ToastBox({
  id,
  title,
  description,
  action,
  tone,
}: ToastContent & { id: string | number; tone: 'positive' | 'critical' }) {
  return (
    <div className="flex w-full items-start gap-2.5 rounded-lg bg-raised p-3 text-sm shadow-overlay sm:w-88">
      {tone === 'positive' ? (
        <CircleCheck aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-positive" />
      ) : (
        <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-critical" />
      )}
      <div className="min-w-0 flex-1">
        <p className="break-words font-medium text-ink">{title}</p>
        {description && <div className="mt-0.5 break-words text-muted">{description}</div>}
        {action && <div className="mt-1.5">{action}</div>}
      </div>
      <button
        type="button"
        onClick={() => sonner.dismiss(id)}
        className="focus-ring -mt-0.5 -mr-1 rounded-md px-1.5 py-0.5 text-faint text-xs hover:bg-hover hover:text-ink"
      >
        Close
      </button>
    </div>
  );
}
