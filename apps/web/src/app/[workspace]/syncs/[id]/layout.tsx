import type { ReactNode } from 'react';
import { numericId } from '#features/list/numeric-id.ts';
import { SyncFrame } from '#features/sync/SyncFrame.tsx';

export default async function Layout({
  params,
  children,
}: {
  params: Promise<{ id: string }>;
  children: ReactNode;
}) {
  return <SyncFrame id={numericId((await params).id)}>{children}</SyncFrame>;
}
