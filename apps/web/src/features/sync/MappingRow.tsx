'use client';

import type { Column } from '@sluice/domain/column';
import type { DestinationField } from '@sluice/domain/connector';
import { type MappingVariable, mappingVariables } from '@sluice/domain/mapping';
import { IconButton } from '@sluice/ui/Button';
import { Combobox } from '@sluice/ui/Combobox';
import { FieldError } from '@sluice/ui/Field';
import { Menu, MenuLabel, MenuRadioGroup, MenuSeparator } from '@sluice/ui/Menu';
import { Select } from '@sluice/ui/Select';
import { ArrowRight, Braces, Columns3, Quote, Settings2, Trash2, Variable } from 'lucide-react';
import { type MappingDraft, type MappingKind, mappingKinds } from './mapping-draft.ts';
import { StaticValueInput } from './StaticValueInput.tsx';
import { TemplateInput } from './TemplateInput.tsx';

const icons: Record<MappingKind, typeof Columns3> = {
  column: Columns3,
  static: Quote,
  variable: Variable,
  template: Braces,
};

/** One line of the mapping table: where the value comes from, and which field gets it. */
export function MappingRow({
  mapping,
  columns,
  fields,
  openFields,
  taken,
  problem,
  onChange,
  onRemove,
}: {
  mapping: MappingDraft;
  columns: readonly Column[];
  fields: readonly DestinationField[];
  /** A field of any name may be written. */
  openFields: boolean;
  /** Fields that other lines fill. */
  taken: ReadonlySet<string>;
  /** Messages by part of the mapping: `to`, `from`, `template`. */
  problem: (part: string) => string | undefined;
  onChange: (part: Partial<MappingDraft>) => void;
  onRemove: () => void;
}) {
  const name = mapping.to || 'this mapping';
  const field = fields.find((candidate) => candidate.name === mapping.to);
  const messages = ['from', 'value', 'template', 'variable', 'to', 'nulls']
    .map(problem)
    .filter((message) => message !== undefined);
  const Icon = icons[mapping.type];
  return (
    <li className="flex flex-col gap-1.5 border-b px-3 py-2.5 last:border-b-0 sm:px-4">
      <div className="grid items-start gap-2 sm:grid-cols-[minmax(0,1fr)_1.25rem_minmax(0,1fr)_4.5rem]">
        <div className="flex min-w-0 items-start gap-1">
          <Menu
            align="start"
            label="Kind of value"
            trigger={
              <IconButton label={`Kind of value: ${mappingKinds[mapping.type].label}`} variant="secondary">
                <Icon />
              </IconButton>
            }
          >
            <MenuLabel>Where the value comes from</MenuLabel>
            <MenuRadioGroup
              value={mapping.type}
              onChange={(type) => onChange({ type })}
              options={(Object.keys(mappingKinds) as MappingKind[]).map((kind) => {
                const KindIcon = icons[kind];
                return { value: kind, label: mappingKinds[kind].label, icon: <KindIcon /> };
              })}
            />
          </Menu>
          <div className="min-w-0 flex-1">
            {mapping.type === 'column' && (
              <Combobox
                aria-label={`Column for ${name}`}
                aria-invalid={Boolean(problem('from')) || undefined}
                value={mapping.from}
                placeholder="Column…"
                onChange={(from) => onChange({ from })}
                options={columns.map((column) => ({
                  value: column.name,
                  label: column.name,
                  detail: column.type,
                }))}
              />
            )}
            {mapping.type === 'static' && (
              <StaticValueInput
                label={`Value for ${name}`}
                value={mapping.value}
                onChange={(value) => onChange({ value })}
              />
            )}
            {mapping.type === 'variable' && (
              <Select<MappingVariable>
                aria-label={`Variable for ${name}`}
                value={mapping.variable}
                onChange={(variable) => onChange({ variable })}
                options={(Object.keys(mappingVariables) as MappingVariable[]).map((variable) => ({
                  value: variable,
                  label: variable,
                  help: mappingVariables[variable],
                }))}
              />
            )}
            {mapping.type === 'template' && (
              <TemplateInput
                label={`Template for ${name}`}
                value={mapping.template}
                onChange={(template) => onChange({ template })}
                columns={columns}
                batched={false}
                invalid={Boolean(problem('template'))}
                minHeight="2rem"
              />
            )}
          </div>
        </div>
        <ArrowRight aria-hidden="true" className="mt-2 hidden size-4 text-faint sm:block" />
        <Combobox
          aria-label={`Field for ${mapping.from || 'this value'}`}
          aria-invalid={Boolean(problem('to')) || undefined}
          value={mapping.to}
          placeholder="Field…"
          onChange={(to) => onChange({ to })}
          create={openFields ? (text) => `Write to “${text}”` : undefined}
          options={fields.map((option) => ({
            value: option.name,
            label: option.label,
            detail: option.nativeType,
            mark: option.required && <RequiredStar />,
            disabledReason: option.readOnly
              ? 'Set by the destination itself'
              : taken.has(option.name) && option.name !== mapping.to
                ? 'Already mapped'
                : null,
          }))}
        />
        <div className="flex items-center justify-end gap-0.5">
          <Menu
            label={`Options for ${name}`}
            trigger={
              <IconButton label={`When NULL: ${mapping.nulls === 'send' ? 'send NULL' : 'leave out'}`}>
                <Settings2 className={mapping.nulls === 'skip' ? 'text-accent' : undefined} />
              </IconButton>
            }
          >
            <MenuLabel>When the value is NULL</MenuLabel>
            <MenuRadioGroup
              value={mapping.nulls}
              onChange={(nulls) => onChange({ nulls })}
              options={[
                { value: 'send', label: 'Send NULL, overwriting' },
                { value: 'skip', label: 'Leave the field as it is' },
              ]}
            />
            <MenuSeparator />
            <MenuLabel>{field ? `${field.label}: ${field.nativeType}` : 'No field chosen'}</MenuLabel>
          </Menu>
          <IconButton label={`Remove the mapping to ${mapping.to || 'nothing'}`} onClick={onRemove}>
            <Trash2 />
          </IconButton>
        </div>
      </div>
      {messages.map((message) => (
        <FieldError key={message}>{message}</FieldError>
      ))}
    </li>
  );
}

/** Marks a field without which the destination refuses a record. */
export function RequiredStar() {
  return (
    <span className="text-critical" title="Required">
      *<span className="sr-only"> required</span>
    </span>
  );
}
