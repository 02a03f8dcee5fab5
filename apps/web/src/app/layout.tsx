import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import type { ReactNode } from 'react';
import { themeCookie, themeOf } from '#shell/theme.ts';
import { UiRoot } from '#shell/UiRoot.tsx';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Sluice', template: '%s | Sluice' },
  description: 'Keeps business tools up to date with the rows of your warehouse.',
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  colorScheme: 'light dark',
};

/** The theme comes from a cookie, so the first byte of a page already has it: no script and no flash. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = themeOf((await cookies()).get(themeCookie)?.value);
  return (
    <html lang="en" data-theme={theme === 'system' ? undefined : theme} suppressHydrationWarning>
      <body>
        <NuqsAdapter>
          <UiRoot>{children}</UiRoot>
        </NuqsAdapter>
      </body>
    </html>
  );
}
