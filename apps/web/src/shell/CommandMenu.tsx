'use client';

import { type CommandGroup, CommandPalette } from '@sluice/ui/CommandPalette';
import { useQuery } from '@tanstack/react-query';
import {
  Database,
  Keyboard,
  KeyRound,
  Plus,
  RefreshCw,
  ScanSearch,
  Send,
  Table2,
  UserPlus,
} from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTRPC } from '#trpc/client.ts';
import { navigation, settingsItem } from './navigation.tsx';
import { useRegisteredActions } from './quick-actions.ts';
import { openShortcutHelp } from './ShortcutHelp.tsx';
import { useRecentItems } from './use-recent-items.ts';
import { useWorkspace } from './workspace-context.tsx';

/** One palette to go, search and do. */
export function CommandMenu({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { slug, paths, can } = useWorkspace();
  const router = useRouter();
  const [recent, remember] = useRecentItems(slug);
  const resources = useResources(open);
  const commands = useCommands();
  const everything = [...resources, ...commands];
  const all = everything.flatMap((group) => group.items);
  const recentItems = recent.flatMap((id) => all.find((item) => item.id === id) ?? []);
  const groups: CommandGroup[] = [
    ...(recentItems.length > 0
      ? [
          {
            heading: 'Recent',
            onlyWhenEmpty: true,
            items: recentItems.map((item) => ({ ...item, id: `recent ${item.id}`, onSelect: item.onSelect })),
          },
        ]
      : []),
    ...everything,
  ];
  const rowSearch = can('run.rows')
    ? (text: string) => ({
        id: 'history of a key',
        label: `What happened to the row “${text}”`,
        hint: 'by primary key',
        icon: <ScanSearch />,
        onSelect: () => router.push(paths.rows({ key: text })),
      })
    : undefined;
  return (
    <CommandPalette
      open={open}
      onOpenChange={onOpenChange}
      placeholder="Go to, search, or do…"
      anyText={rowSearch}
      groups={groups.map((group) => ({
        ...group,
        items: group.items.map((item) => ({
          ...item,
          onSelect: () => {
            remember(item.id.replace(/^recent /, ''));
            item.onSelect();
          },
        })),
      }))}
    />
  );
}

/** What the workspace holds, loaded when the palette opens. */
function useResources(enabled: boolean): CommandGroup[] {
  const trpc = useTRPC();
  const router = useRouter();
  const { paths } = useWorkspace();
  const sources = useQuery(trpc.source.list.queryOptions(undefined, { enabled }));
  const models = useQuery(trpc.model.list.queryOptions(undefined, { enabled }));
  const destinations = useQuery(trpc.destination.list.queryOptions(undefined, { enabled }));
  const syncs = useQuery(trpc.sync.list.queryOptions(undefined, { enabled }));
  const go = (href: string) => () => router.push(href);
  return [
    {
      heading: 'Syncs',
      items: (syncs.data ?? []).map((sync) => ({
        id: `sync ${sync.id}`,
        label: `${sync.modelName} → ${sync.destinationName}`,
        hint: sync.slug,
        icon: <RefreshCw />,
        onSelect: go(paths.syncs.detail(sync.id)),
      })),
    },
    {
      heading: 'Models',
      items: (models.data ?? []).map((model) => ({
        id: `model ${model.id}`,
        label: model.name,
        hint: model.slug,
        icon: <Table2 />,
        onSelect: go(paths.models.detail(model.id)),
      })),
    },
    {
      heading: 'Sources',
      items: (sources.data ?? []).map((source) => ({
        id: `source ${source.id}`,
        label: source.name,
        hint: source.slug,
        icon: <Database />,
        onSelect: go(paths.sources.detail(source.id)),
      })),
    },
    {
      heading: 'Destinations',
      items: (destinations.data ?? []).map((destination) => ({
        id: `destination ${destination.id}`,
        label: destination.name,
        hint: destination.slug,
        icon: <Send />,
        onSelect: go(paths.destinations.detail(destination.id)),
      })),
    },
  ].filter((group) => group.items.length > 0);
}

/** What can be done here and everywhere. */
function useCommands(): CommandGroup[] {
  const router = useRouter();
  const { paths, can } = useWorkspace();
  const ofPage = useRegisteredActions();
  const go = (href: string) => () => router.push(href);
  const create = [
    { id: 'create sync', label: 'Create a sync', to: paths.syncs.new, allowed: can('sync.write') },
    { id: 'create model', label: 'Create a model', to: paths.models.new, allowed: can('model.write') },
    { id: 'create source', label: 'Connect a source', to: paths.sources.new, allowed: can('source.write') },
    {
      id: 'create destination',
      label: 'Connect a destination',
      to: paths.destinations.new,
      allowed: can('destination.write'),
    },
  ].filter((command) => command.allowed);
  const groups: CommandGroup[] = [
    {
      heading: 'On this page',
      items: ofPage.map((action) => ({
        id: `page ${action.id}`,
        label: action.label,
        icon: action.icon,
        shortcut: action.shortcut,
        onSelect: action.run,
      })),
    },
    {
      heading: 'Create',
      items: create.map((command) => ({
        id: command.id,
        label: command.label,
        icon: <Plus />,
        onSelect: go(command.to),
      })),
    },
    {
      heading: 'Go to',
      items: [...navigation, settingsItem].map((item) => ({
        id: `go ${item.id}`,
        label: item.label,
        icon: <item.icon />,
        shortcut: item === settingsItem ? undefined : `g ${item.key}`,
        onSelect: go(item.href(paths)),
      })),
    },
    {
      heading: 'Find',
      items: can('run.rows')
        ? [
            {
              id: 'row history',
              label: 'What happened to a row (by primary key)',
              icon: <ScanSearch />,
              onSelect: go(paths.rows()),
            },
          ]
        : [],
    },
    {
      heading: 'Settings',
      items: [
        ...(can('member.manage')
          ? [
              {
                id: 'invite',
                label: 'Invite people',
                icon: <UserPlus />,
                onSelect: go(paths.settings.members),
              },
            ]
          : []),
        ...(can('token.manage')
          ? [{ id: 'tokens', label: 'API tokens', icon: <KeyRound />, onSelect: go(paths.settings.tokens) }]
          : []),
        {
          id: 'shortcuts',
          label: 'Keyboard shortcuts',
          icon: <Keyboard />,
          shortcut: '?',
          onSelect: openShortcutHelp,
        },
      ],
    },
  ];
  return groups.filter((group) => group.items.length > 0);
}
