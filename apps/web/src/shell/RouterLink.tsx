'use client';

import type { LinkProps } from '@sluice/ui/Link';
import NextLink from 'next/link';

/**
 * The router's link for pages; a plain anchor for anything else. The router prefetches what it links to, and starts
 * over without end when the answer is no page of its own, such as a download.
 */
export function RouterLink(props: LinkProps) {
  const isPage =
    props.href.startsWith('/') && !props.href.startsWith('/api/') && !props.href.startsWith('//');
  return isPage ? <NextLink {...props} /> : <a {...props}>{props.children}</a>;
}
