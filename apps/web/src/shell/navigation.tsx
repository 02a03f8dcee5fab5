import {
  Database,
  House,
  ListOrdered,
  type LucideIcon,
  RefreshCw,
  ScrollText,
  Send,
  Settings,
  Table2,
} from 'lucide-react';
import type { WorkspacePaths } from '#paths.ts';

export interface NavigationItem {
  id: string;
  label: string;
  icon: LucideIcon;
  href: (paths: WorkspacePaths) => string;
  /** Pressed after `g`. */
  key: string;
}

/** The nouns in the order in which data flows. */
export const navigation: readonly NavigationItem[] = [
  { id: 'start', label: 'Start', icon: House, href: (paths) => paths.start, key: 'h' },
  { id: 'sources', label: 'Sources', icon: Database, href: (paths) => paths.sources.list, key: 's' },
  { id: 'models', label: 'Models', icon: Table2, href: (paths) => paths.models.list, key: 'm' },
  {
    id: 'destinations',
    label: 'Destinations',
    icon: Send,
    href: (paths) => paths.destinations.list,
    key: 'd',
  },
  { id: 'syncs', label: 'Syncs', icon: RefreshCw, href: (paths) => paths.syncs.list, key: 'y' },
  {
    id: 'sequences',
    label: 'Sequences',
    icon: ListOrdered,
    href: (paths) => paths.sequences.list,
    key: 'q',
  },
  { id: 'runs', label: 'Runs', icon: ScrollText, href: (paths) => paths.runs.list, key: 'r' },
];

export const settingsItem: NavigationItem = {
  id: 'settings',
  label: 'Settings',
  icon: Settings,
  href: (paths) => paths.settings.general,
  key: ',',
};

/** The section a path belongs to: `/acme/models/3` is `models`. */
export function sectionOf(pathname: string): string {
  return pathname.split('/')[2] ?? 'start';
}
