'use client';

import { type ReactNode, useState } from 'react';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { Field } from './Field.tsx';
import { Input } from './Input.tsx';

/** Asks before something that cannot be undone. Name the object in the title and the consequence in the body. */
export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  children,
  action,
  tone = 'danger',
  loading = false,
  error,
  typeToConfirm,
  onConfirm,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** What will happen. */
  children: ReactNode;
  /** The verb on the button: "Remove source". */
  action: string;
  tone?: 'danger' | 'primary';
  loading?: boolean;
  /** What went wrong at the last try. */
  error?: ReactNode;
  /** Must be typed first: only where data elsewhere is deleted. */
  typeToConfirm?: string;
  onConfirm: () => void;
}) {
  const [typed, setTyped] = useState('');
  const waiting = typeToConfirm !== undefined && typed !== typeToConfirm;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      width="sm"
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button
            variant={tone}
            loading={loading}
            disabledReason={waiting ? `Type "${typeToConfirm}" first.` : null}
            onClick={onConfirm}
          >
            {action}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4 text-muted text-sm">
        <div>{children}</div>
        {typeToConfirm !== undefined && (
          <Field label={`Type ${typeToConfirm} to confirm`}>
            {(aria) => (
              <Input
                {...aria}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                autoComplete="off"
              />
            )}
          </Field>
        )}
        {error}
      </div>
    </Dialog>
  );
}
