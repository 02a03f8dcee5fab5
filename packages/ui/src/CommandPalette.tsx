'use client';

import { Command } from 'cmdk';
import { Search } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { Kbd } from './Kbd.tsx';

export interface CommandItem {
  id: string;
  label: string;
  /** Quiet text beside the label; searched too. */
  hint?: string;
  icon?: ReactNode;
  shortcut?: string;
  onSelect: () => void;
}

export interface CommandGroup {
  heading: string;
  items: readonly CommandItem[];
  /** Shown only before something is typed. */
  onlyWhenEmpty?: boolean;
}

/** A dialog that finds commands while one types. Closes itself after a choice. */
export function CommandPalette({
  open,
  onOpenChange,
  placeholder,
  groups,
  anyText,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  placeholder: string;
  groups: readonly CommandGroup[];
  /** What can be done with whatever is typed; shown last. */
  anyText?: ((text: string) => CommandItem | null) | undefined;
}) {
  const [search, setSearch] = useState('');
  const change = (next: boolean) => {
    if (!next) setSearch('');
    onOpenChange(next);
  };
  const text = search.trim();
  const typed = text === '' ? null : (anyText?.(text) ?? null);
  const shown = groups.filter((group) => !group.onlyWhenEmpty || search === '');
  return (
    <Radix.Root open={open} onOpenChange={change}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-overlay animate-fade bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed inset-x-3 top-[12vh] z-overlay mx-auto max-w-xl animate-pop overflow-hidden rounded-xl bg-raised shadow-overlay outline-none"
        >
          <Radix.Title className="sr-only">Search and commands</Radix.Title>
          <Command loop label="Search and commands">
            <div className="flex items-center gap-2.5 border-b px-4">
              <Search aria-hidden="true" className="size-4 shrink-0 text-faint" />
              <Command.Input
                value={search}
                onValueChange={setSearch}
                placeholder={placeholder}
                className="h-12 w-full bg-transparent text-base text-ink outline-none pointer-coarse:text-lg"
              />
            </div>
            <Command.List className="max-h-[min(24rem,60vh)] overflow-y-auto overscroll-contain p-1.5">
              {!typed && (
                <Command.Empty className="px-3 py-8 text-center text-muted text-sm">
                  Nothing is called “{search}” here.
                </Command.Empty>
              )}
              {shown.map((group) => (
                <Command.Group
                  key={group.heading}
                  heading={group.heading}
                  className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-faint [&_[cmdk-group-heading]]:text-xs"
                >
                  {group.items.map((item) => (
                    <PaletteItem key={item.id} item={item} onChoose={() => change(false)} />
                  ))}
                </Command.Group>
              ))}
              {typed && (
                <Command.Group forceMount className="border-t pt-1.5">
                  <PaletteItem always item={typed} onChoose={() => change(false)} />
                </Command.Group>
              )}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function PaletteItem({
  item,
  always = false,
  onChoose,
}: {
  item: CommandItem;
  /** Shown whatever is typed. */
  always?: boolean;
  onChoose: () => void;
}) {
  return (
    <Command.Item
      value={item.id}
      forceMount={always}
      keywords={[item.label, item.hint ?? '']}
      onSelect={() => {
        onChoose();
        item.onSelect();
      }}
      className="flex cursor-default select-none items-center gap-2.5 rounded-md px-2.5 py-2 text-ink text-sm data-[selected=true]:bg-hover [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-faint"
    >
      {item.icon}
      <span className="truncate">{item.label}</span>
      {item.hint && <span className="min-w-0 truncate text-faint text-xs">{item.hint}</span>}
      {item.shortcut && (
        <span className="ml-auto shrink-0">
          <Kbd keys={item.shortcut} />
        </span>
      )}
    </Command.Item>
  );
}
