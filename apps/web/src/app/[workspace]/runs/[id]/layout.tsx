import type { ReactNode } from 'react';
import { numericId } from '#features/list/numeric-id.ts';
import { RunFrame } from '#features/run/RunFrame.tsx';

export default async function Layout({
  params,
  children,
}: {
  params: Promise<{ id: string }>;
  children: ReactNode;
}) {
  return <RunFrame id={numericId((await params).id)}>{children}</RunFrame>;
}
