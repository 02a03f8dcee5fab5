import type { WorkspacePaths } from '#paths.ts';
import { navigation } from './navigation.tsx';

export interface Crumb {
  label: string;
  href: string;
}

/** What stands before the title of a page: `/acme/sources/new/postgresql` has Sources and New. Lists have nothing. */
export function trailOf(pathname: string, paths: WorkspacePaths): Crumb[] {
  const [, , section, ...rest] = pathname.split('/');
  const list = navigation.find((item) => item.id === section && item.id !== 'start');
  if (!list || rest.length === 0) return [];
  const trail = [{ label: list.label, href: list.href(paths) }];
  if (rest[0] === 'new' && rest.length > 1) trail.push({ label: 'New', href: `${list.href(paths)}/new` });
  return trail;
}
