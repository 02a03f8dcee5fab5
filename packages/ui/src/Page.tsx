'use client';

import { createContext, type ReactNode, useContext } from 'react';
import { classNames } from './class-names.ts';

const widths = {
  settings: 'max-w-settings',
  list: 'max-w-list',
  detail: 'max-w-detail',
  full: 'max-w-none',
};

const Trail = createContext<ReactNode>(null);

/** What every page below shows above its title: the way back to where it belongs. */
export function PageTrail({ trail, children }: { trail: ReactNode; children: ReactNode }) {
  return <Trail value={trail}>{children}</Trail>;
}

/** The frame of every page: width, padding, heading, actions. */
export function Page({
  title,
  description,
  width = 'list',
  status,
  actions,
  tabs,
  children,
}: {
  title: ReactNode;
  description?: ReactNode;
  width?: keyof typeof widths;
  /** Beside the title: a status badge. */
  status?: ReactNode;
  actions?: ReactNode;
  /** A `TabNav` below the heading. */
  tabs?: ReactNode;
  children: ReactNode;
}) {
  const trail = useContext(Trail);
  return (
    <div className={classNames('mx-auto flex w-full flex-col gap-5 px-4 py-6 sm:px-8', widths[width])}>
      <header className="flex flex-col gap-4">
        <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
          <div className="min-w-0">
            {trail}
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <h1 className="min-w-0 break-words font-semibold text-ink text-xl tracking-tight">{title}</h1>
              {status}
            </div>
            {description && (
              <div className="mt-1 max-w-prose text-pretty text-muted text-sm">{description}</div>
            )}
          </div>
          {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </div>
        {tabs}
      </header>
      {children}
    </div>
  );
}

/** A part of a page with its own heading. */
export function Section({
  title,
  description,
  actions,
  children,
}: {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 className="font-semibold text-base text-ink">{title}</h2>
          {description && <p className="mt-0.5 max-w-prose text-pretty text-muted text-sm">{description}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </section>
  );
}
