'use client';

import type { AuditEntry } from '@sluice/domain/workspace';
import { DefinitionList } from '@sluice/ui/DefinitionList';
import { Sheet } from '@sluice/ui/Sheet';
import { exactTime } from '@sluice/ui/Time';
import { actionText } from './audit-words.ts';
import { valueText } from './value-text.ts';

/** One entry in full: every field before and after. */
export function AuditEntrySheet({ entry, onClose }: { entry: AuditEntry | null; onClose: () => void }) {
  if (!entry) return null;
  const changes = Object.entries(entry.changes);
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${actionText(entry.action)} ${entry.subjectName}`}
    >
      <div className="flex flex-col gap-6">
        <DefinitionList
          items={[
            { label: 'When', value: exactTime(entry.at) },
            { label: 'Who', value: `${entry.actor} (${kinds[entry.actorKind]})` },
            { label: 'Action', value: <code className="font-mono text-xs">{entry.action}</code> },
            ...(entry.subjectId === null ? [] : [{ label: 'ID', value: entry.subjectId }]),
          ]}
        />
        <section className="flex flex-col gap-3">
          <h3 className="font-semibold text-base text-ink">Changes</h3>
          {changes.length === 0 && <p className="text-muted text-sm">This entry changed no fields.</p>}
          {changes.map(([field, [before, after]]) => (
            <Change key={field} field={field} before={before} after={after} />
          ))}
        </section>
      </div>
    </Sheet>
  );
}

const kinds = { user: 'person', token: 'API token', system: 'Sluice itself' };

function Change({ field, before, after }: { field: string; before: unknown; after: unknown }) {
  return (
    <div className="overflow-hidden rounded-md border">
      <p className="border-b bg-sunken px-3 py-1.5 font-mono text-xs">{field}</p>
      <dl className="divide-y">
        {before !== null && before !== undefined && (
          <div className="flex gap-2 bg-critical-soft px-3 py-1.5">
            <dt className="text-critical text-xs">
              <span aria-hidden="true">−</span>
              <span className="sr-only">Before</span>
            </dt>
            <dd className="min-w-0 whitespace-pre-wrap break-words font-mono text-ink text-xs">
              {valueText(before)}
            </dd>
          </div>
        )}
        <div className="flex gap-2 bg-positive-soft px-3 py-1.5">
          <dt className="text-positive text-xs">
            <span aria-hidden="true">+</span>
            <span className="sr-only">After</span>
          </dt>
          <dd className="min-w-0 whitespace-pre-wrap break-words font-mono text-ink text-xs">
            {valueText(after)}
          </dd>
        </div>
      </dl>
    </div>
  );
}
