'use client';

import { useWorkspace } from './workspace-context.tsx';

/** Title of the browser's tab, most specific first: `Run 12 | Contacts → CRM | Acme | Sluice`. */
export function PageTitle({ parts }: { parts: readonly string[] }) {
  const { name } = useWorkspace();
  return <title>{[...parts, name, 'Sluice'].join(' | ')}</title>;
}
