import { Wordmark } from '@sluice/ui/Wordmark';
import type { ReactNode } from 'react';
import { FlowArt } from '#features/account/FlowArt.tsx';
import { TrpcProvider } from '#trpc/TrpcProvider.tsx';

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <TrpcProvider workspace={null}>
      <div className="grid min-h-dvh lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
        <main className="flex flex-col px-6 py-8 sm:px-12">
          <Wordmark />
          <div className="m-auto w-full max-w-sm py-10">{children}</div>
        </main>
        <FlowArt />
      </div>
    </TrpcProvider>
  );
}
