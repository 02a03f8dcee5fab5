'use client';

import {
  type AnchorHTMLAttributes,
  type ComponentType,
  createContext,
  type ReactNode,
  useContext,
} from 'react';

export type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & { href: string };

const LinkComponent = createContext<ComponentType<LinkProps> | null>(null);

/** Gives every link of the design system the application's router. Without it links are plain anchors. */
export function LinkProvider({
  component,
  children,
}: {
  component: ComponentType<LinkProps>;
  children: ReactNode;
}) {
  return <LinkComponent value={component}>{children}</LinkComponent>;
}

/** An anchor that the application's router follows. Unstyled: see `TextLink` for links in running text. */
export function Link(props: LinkProps) {
  const Component = useContext(LinkComponent);
  return Component ? <Component {...props} /> : <a {...props}>{props.children}</a>;
}
