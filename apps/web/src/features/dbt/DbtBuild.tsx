import type { BuildReport } from '@sluice/domain/dbt-project';
import { TextLink } from '@sluice/ui/TextLink';
import { Time } from '@sluice/ui/Time';
import { useWorkspace } from '#shell/workspace-context.tsx';

/** What the newest dbt build led to. */
export function DbtBuild({ build }: { build: BuildReport | null }) {
  const { paths } = useWorkspace();
  if (!build) {
    return (
      <p className="text-muted text-sm">
        None was told of. A job that sends run_results.json as well starts the syncs of what it built.
      </p>
    );
  }
  const { started, notStarted, failed } = build;
  return (
    <div className="flex flex-col gap-2 text-sm">
      <p>
        <code className="font-mono text-xs">dbt {build.command}</code>, <Time at={build.takenAt} />:{' '}
        {build.built.toLocaleString('en')} built, {failed.length} failed
      </p>
      {failed.length > 0 && (
        <p className="break-words text-critical text-xs">Failed in dbt: {failed.join(', ')}</p>
      )}
      <ul className="flex flex-col gap-1 text-muted text-xs">
        {started.map(({ syncId, slug, runId }) => (
          <li key={syncId}>
            {slug}: <TextLink href={paths.runs.detail(runId)}>run {runId}</TextLink>
          </li>
        ))}
        {notStarted.map(({ syncId, slug, reason }) => (
          <li key={syncId}>
            <TextLink href={paths.syncs.detail(syncId)}>{slug}</TextLink> was not started: {reason}
          </li>
        ))}
      </ul>
      {started.length + notStarted.length === 0 && (
        <p className="text-muted text-xs">
          {failed.length > 0
            ? 'No sync was started: destinations keep what they have until a build works.'
            : 'No sync reads what it built.'}
        </p>
      )}
    </div>
  );
}
