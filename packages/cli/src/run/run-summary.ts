import { type ApiSyncRun, rowsOf } from '../api/resources.ts';

/** How a run ended, in lines: the first says it, the others give the numbers and the reason. */
export function runSummary(run: ApiSyncRun): string[] {
  const counts = (['added', 'changed', 'removed'] as const)
    .filter((name) => run.plannedRows[`${name}Count`] > 0)
    .map((name) => {
      const of = (part: ApiSyncRun['plannedRows']) => part[`${name}Count`].toLocaleString('en');
      const rejected = run.failedRows[`${name}Count`] > 0 ? `, ${of(run.failedRows)} rejected` : '';
      return `  ${name}: ${of(run.successfulRows)} of ${of(run.plannedRows)} delivered${rejected}`;
    });
  if (rowsOf(run.plannedRows) === 0 && run.status === 'success') counts.push('  Nothing had changed.');
  const reason = run.error === null ? [] : [`  ${run.error}`];
  const advice = rowsOf(run.failedRows) > 0 ? [`  Reasons: sluice rejected ${run.syncSlug} ${run.id}`] : [];
  return [`Run ${run.id} of ${run.syncSlug}: ${run.status}`, ...counts, ...reason, ...advice];
}
