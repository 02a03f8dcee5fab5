import type { FollowerReport, ManifestReport } from '@sluice/domain/dbt-project';
import { Badge } from '@sluice/ui/Badge';
import { TextLink } from '@sluice/ui/TextLink';
import { useWorkspace } from '#shell/workspace-context.tsx';

/** What a manifest changes: counts, names, and the models that follow. */
export function ManifestChanges({ report }: { report: ManifestReport }) {
  const { counts, models } = report;
  const lists = [
    {
      label: 'Renamed',
      count: counts.renamed,
      names: report.renamed.map(({ from, to }) => `${from} → ${to}`),
    },
    { label: 'Removed', count: counts.removed, names: report.removed },
    { label: 'Changed', count: counts.changed, names: report.changed },
    { label: 'Added', count: counts.added, names: report.added },
  ].filter(({ count }) => count > 0);
  if (lists.length === 0) return <p className="text-muted text-sm">It changed nothing.</p>;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {models.length > 0 && (
        <ul className="flex flex-col gap-3">
          {models.map((model) => (
            <Follower key={model.id} model={model} />
          ))}
        </ul>
      )}
      <div className="flex flex-col gap-1.5">
        {lists.map(({ label, count, names }) => (
          <details key={label} className="text-sm">
            <summary className="focus-ring cursor-pointer rounded-sm text-ink">
              {label}: {count.toLocaleString('en')}
            </summary>
            <ul className="mt-1 mb-2 ml-4 flex flex-col gap-0.5 font-mono text-muted text-xs">
              {names.map((name) => (
                <li key={name} className="break-all">
                  {name}
                </li>
              ))}
              {count > names.length && <li>and {(count - names.length).toLocaleString('en')} more</li>}
            </ul>
          </details>
        ))}
      </div>
    </div>
  );
}

const tones = { changed: 'neutral', renamed: 'accent', removed: 'critical', returned: 'positive' } as const;

function Follower({ model }: { model: FollowerReport }) {
  const { paths } = useWorkspace();
  const touched = model.syncs.filter(({ effect }) => effect !== 'none');
  return (
    <li className="rounded-md border px-3 py-2.5 text-sm">
      <div className="flex flex-wrap items-center gap-2">
        <TextLink href={paths.models.detail(model.id)}>{model.name}</TextLink>
        <Badge tone={tones[model.change]}>{model.change}</Badge>
        <code className="min-w-0 break-all font-mono text-faint text-xs">{model.uniqueId}</code>
      </div>
      {model.problem && <p className="mt-1 text-caution text-xs">{model.problem}</p>}
      {touched.length > 0 && (
        <ul className="mt-1.5 flex flex-col gap-1 text-muted text-xs">
          {touched.map((sync) => (
            <li key={sync.id}>
              <TextLink href={paths.syncs.detail(sync.id)}>{sync.slug}</TextLink>: {sync.explanation}
            </li>
          ))}
        </ul>
      )}
      {touched.length === 0 && !model.problem && (
        <p className="mt-1 text-muted text-xs">Its syncs go on as before.</p>
      )}
    </li>
  );
}
