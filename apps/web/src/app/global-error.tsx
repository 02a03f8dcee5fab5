'use client';

import './globals.css';

/** The last resort: even the frame of the pages failed. */
export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>Error | Sluice</title>
        <main className="flex min-h-dvh flex-col items-center justify-center gap-4 px-6 text-center">
          <h1 className="font-semibold text-ink text-xl">Sluice could not draw this page</h1>
          <p className="max-w-sm text-muted">
            Your data and runs are not affected. Try again; if it repeats, look at the log of the web process.
          </p>
          <button
            type="button"
            onClick={reset}
            className="focus-ring rounded-md bg-accent px-3 py-1.5 font-medium text-on-accent"
          >
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
