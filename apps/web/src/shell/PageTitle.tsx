'use client';

import { useEffect } from 'react';
import { useWorkspace } from './workspace-context.tsx';

/**
 * Title of the browser's tab, most specific first: `Run 12 | Contacts → CRM | Acme | Sluice`. Set on the document,
 * because of two `<title>` elements the browser takes the first, which is the layout's.
 */
export function PageTitle({ parts }: { parts: readonly string[] }) {
  const { name } = useWorkspace();
  const title = [...parts, name, 'Sluice'].join(' | ');
  useEffect(() => {
    document.title = title;
  }, [title]);
  return null;
}
