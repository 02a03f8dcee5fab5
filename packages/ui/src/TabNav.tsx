'use client';

import { type ReactNode, useEffect, useRef } from 'react';
import { classNames } from './class-names.ts';
import { Link } from './Link.tsx';

export interface TabLink {
  href: string;
  label: string;
  current: boolean;
  /** A number beside the label. */
  count?: number;
}

/** Tabs of a page. Each is a link, so the tab is in the address and Back works. */
export function TabNav({
  tabs,
  label,
  action,
}: {
  tabs: readonly TabLink[];
  label: string;
  action?: ReactNode;
}) {
  const list = useRef<HTMLElement>(null);
  const current = tabs.find((tab) => tab.current)?.href;
  // On narrow screens the current tab may be out of sight. Only the tabs scroll, never the page.
  useEffect(() => {
    const tab = list.current?.querySelector<HTMLElement>('[aria-current="page"]');
    if (current === undefined || !list.current || !tab) return;
    list.current.scrollLeft = tab.offsetLeft - (list.current.clientWidth - tab.offsetWidth) / 2;
  }, [current]);
  return (
    <div className="flex items-center justify-between gap-3 border-b">
      <nav ref={list} aria-label={label} className="-mb-px relative flex min-w-0 gap-1 overflow-x-auto">
        {tabs.map((tab) => (
          <Link
            key={tab.href}
            href={tab.href}
            aria-current={tab.current ? 'page' : undefined}
            className={classNames(
              'focus-ring whitespace-nowrap rounded-t-md border-b-2 px-2.5 py-2 font-medium text-sm transition-colors [outline-offset:-2px]',
              tab.current
                ? 'border-accent text-ink'
                : 'border-transparent text-muted hover:border-line-strong hover:text-ink',
            )}
          >
            {tab.label}
            {tab.count !== undefined && (
              <span className="tabular ml-1.5 rounded-full bg-hover px-1.5 py-0.5 text-muted text-2xs">
                {tab.count.toLocaleString('en')}
              </span>
            )}
          </Link>
        ))}
      </nav>
      {action}
    </div>
  );
}
