'use client';

import { type HeaderSetting, secretSet } from '@sluice/domain/field';
import { Button, IconButton } from '@sluice/ui/Button';
import { Checkbox } from '@sluice/ui/Checkbox';
import { Input } from '@sluice/ui/Input';
import { Plus, Trash2 } from 'lucide-react';

/** Name and value of each header; a secret value is never shown again, only replaced. */
export function HeadersEditor({
  id,
  value,
  onChange,
}: {
  id: string;
  value: readonly HeaderSetting[];
  onChange: (headers: HeaderSetting[]) => void;
}) {
  const update = (index: number, part: Partial<HeaderSetting>) =>
    onChange(value.map((header, at) => (at === index ? { ...header, ...part } : header)));
  return (
    <fieldset id={id} className="flex flex-col gap-2">
      <legend className="sr-only">Headers</legend>
      {value.map((header, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: headers have no identity of their own, and order is kept
          key={index}
          className="flex flex-wrap items-center gap-2 max-sm:rounded-md max-sm:border max-sm:p-2 sm:flex-nowrap"
        >
          <div className="min-w-0 flex-1 basis-40">
            <Input
              mono
              aria-label={`Name of header ${index + 1}`}
              placeholder="X-Api-Key"
              value={header.name}
              onChange={(event) => update(index, { name: event.target.value })}
            />
          </div>
          <div className="min-w-0 flex-2 basis-48">
            {header.secret && header.value === secretSet ? (
              <KeptSecret onReplace={() => update(index, { value: '' })} />
            ) : (
              <Input
                mono
                aria-label={`Value of header ${index + 1}`}
                type={header.secret ? 'password' : 'text'}
                autoComplete="off"
                value={header.value}
                onChange={(event) => update(index, { value: event.target.value })}
              />
            )}
          </div>
          <Checkbox
            label="Secret"
            checked={header.secret}
            onChange={(secret) =>
              update(index, { secret, ...(header.value === secretSet && !secret && { value: '' }) })
            }
          />
          <IconButton
            label={`Remove header ${header.name || index + 1}`}
            onClick={() => onChange(value.filter((_, at) => at !== index))}
          >
            <Trash2 />
          </IconButton>
        </div>
      ))}
      <Button
        size="sm"
        className="self-start"
        onClick={() => onChange([...value, { name: '', value: '', secret: false }])}
      >
        <Plus />
        Add header
      </Button>
    </fieldset>
  );
}

/** Stands for a secret that is set; the only thing to do with it is to replace it. */
export function KeptSecret({ onReplace, id }: { onReplace: () => void; id?: string }) {
  return (
    <div className="flex items-center gap-2">
      <span className="flex h-8 min-w-0 flex-1 items-center truncate rounded-md border border-dashed border-line-strong bg-sunken px-2.5 text-muted text-sm pointer-coarse:h-10">
        {secretSet} <span className="ml-2 text-faint text-xs">set, never shown again</span>
      </span>
      <Button id={id} onClick={onReplace}>
        Replace
      </Button>
    </div>
  );
}
