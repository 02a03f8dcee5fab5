'use client';

import { Page } from '@sluice/ui/Page';
import { PageTitle } from '#shell/PageTitle.tsx';
import { useWorkspace } from '#shell/workspace-context.tsx';

export function StartPage() {
  const { name } = useWorkspace();
  return (
    <Page title={name} width="detail">
      <PageTitle parts={['Start']} />
    </Page>
  );
}
