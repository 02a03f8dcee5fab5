'use client';

import { IconButton } from '@sluice/ui/Button';
import { copyText } from '@sluice/ui/CopyButton';
import { RowControls } from '@sluice/ui/DataTable';
import { Menu, MenuItem, MenuSeparator } from '@sluice/ui/Menu';
import { toast } from '@sluice/ui/Toast';
import { Copy, Ellipsis } from 'lucide-react';
import type { ReactNode } from 'react';

/** The last cell of a row: what can be done with it. Copy ID is always there; `danger` comes last. */
export function RowMenu({
  id,
  label,
  children,
  danger,
}: {
  id: number | string;
  /** Names the row for screen readers: "Actions for Shop database". */
  label: string;
  children?: ReactNode;
  danger?: ReactNode;
}) {
  return (
    <RowControls>
      <Menu
        label={label}
        trigger={
          <IconButton size="icon-sm" label={label}>
            <Ellipsis />
          </IconButton>
        }
      >
        {children}
        <CopyIdItem id={id} />
        {danger && (
          <>
            <MenuSeparator />
            {danger}
          </>
        )}
      </Menu>
    </RowControls>
  );
}

/** Copies the id that the API and the logs use. */
export function CopyIdItem({ id }: { id: number | string }) {
  return (
    <MenuItem
      icon={<Copy />}
      onSelect={() => void copyText(String(id)).then(() => toast.success({ title: `Copied the ID ${id}.` }))}
    >
      Copy ID
    </MenuItem>
  );
}
