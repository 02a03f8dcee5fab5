'use client';

import { Skeleton } from '@sluice/ui/Skeleton';
import dynamic from 'next/dynamic';

/** The code editor, loaded when it is first shown: it is the heaviest part of the console. */
export const LazyCodeEditor = dynamic(() => import('./CodeEditor.tsx').then(({ CodeEditor }) => CodeEditor), {
  ssr: false,
  loading: () => <Skeleton className="h-24 w-full" />,
});
