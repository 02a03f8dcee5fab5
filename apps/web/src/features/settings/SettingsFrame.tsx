'use client';

import { Page } from '@sluice/ui/Page';
import { TabNav } from '@sluice/ui/TabNav';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { useWorkspace } from '#shell/workspace-context.tsx';

/** The heading and tabs around every settings page. Tabs one may not open are not shown. */
export function SettingsFrame({ children }: { children: ReactNode }) {
  const { paths, can } = useWorkspace();
  const pathname = usePathname();
  const tabs = [
    { href: paths.settings.general, label: 'General', shown: true },
    { href: paths.settings.members, label: 'Members', shown: can('member.read') },
    { href: paths.settings.tokens, label: 'API tokens', shown: can('token.manage') },
    { href: paths.settings.webhooks, label: 'Webhooks', shown: can('webhook.manage') },
    { href: paths.settings.api, label: 'REST API', shown: true },
    { href: paths.settings.audit, label: 'Audit log', shown: can('audit.read') },
    { href: paths.settings.account, label: 'Account', shown: true },
  ];
  return (
    <Page
      title="Settings"
      width="detail"
      tabs={
        <TabNav
          label="Settings"
          tabs={tabs
            .filter((tab) => tab.shown)
            .map(({ href, label }) => ({ href, label, current: href === pathname }))}
        />
      }
    >
      {children}
    </Page>
  );
}
