'use client';

import { Link } from '@sluice/ui/Link';
import { usePathname } from 'next/navigation';
import { trailOf } from './trail.ts';
import { useWorkspace } from './workspace-context.tsx';

/** The way back from a page below a list; nothing on the lists themselves, which the navigation already shows. */
export function Breadcrumbs() {
  const { paths } = useWorkspace();
  const trail = trailOf(usePathname(), paths);
  if (trail.length === 0) return null;
  return (
    <nav aria-label="Breadcrumb" className="mb-1">
      <ol className="flex flex-wrap items-center gap-1.5 text-faint text-xs">
        {trail.map((crumb) => (
          <li key={crumb.href} className="inline-flex items-center gap-1.5">
            <Link
              href={crumb.href}
              className="focus-ring rounded-sm font-medium hover:text-ink hover:underline"
            >
              {crumb.label}
            </Link>
            <span aria-hidden="true">/</span>
          </li>
        ))}
      </ol>
    </nav>
  );
}
