'use client';

import { Link, type LinkProps } from './Link.tsx';

/** A link in running text. */
export function TextLink({
  external = false,
  ...props
}: Omit<LinkProps, 'className'> & { external?: boolean }) {
  return (
    <Link
      {...props}
      {...(external && { target: '_blank', rel: 'noreferrer' })}
      className="rounded-sm font-medium text-accent underline decoration-accent-line underline-offset-3 hover:text-accent-strong hover:decoration-accent"
    />
  );
}
