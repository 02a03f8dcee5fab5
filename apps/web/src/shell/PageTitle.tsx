'use client';

import { useWorkspace } from './workspace-context.tsx';

/**
 * Title of the browser's tab, most specific first: `Run 12 | Contacts → CRM | Acme | Sluice`. The layout of the
 * workspace sets none of its own: of two titles a browser shows the first.
 */
export function PageTitle({ parts }: { parts: readonly string[] }) {
  const { name } = useWorkspace();
  return <title>{[...parts, name, 'Sluice'].join(' | ')}</title>;
}
