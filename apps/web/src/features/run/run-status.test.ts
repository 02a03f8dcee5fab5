import { noCounts, noRunCounts } from '@sluice/domain/change';
import { type RunStage, type RunStatus, runStages } from '@sluice/domain/run-status';
import { expect, test } from 'vitest';
import { failedStage, failureTitle } from './run-status.ts';

const at = new Date('2026-11-22T10:00:00Z');
const run = (last: RunStage, status: RunStatus = 'failed', notAttempted = 0) => ({
  status,
  stages: runStages
    .slice(0, runStages.indexOf(last) + 1)
    .map((stage) => ({ stage, startedAt: at, finishedAt: at })),
  counts: { ...noRunCounts(), notAttempted: { ...noCounts(), added: notAttempted } },
});

test.each([
  ['a source that breaks', run('extract'), 'extract'],
  ['a destination that breaks, with what arrived recorded', run('commit', 'failed', 60), 'deliver'],
  ['recording that breaks after all rows were sent', run('commit'), 'commit'],
  ['a run that did not fail', run('commit', 'warning'), null],
] as const)('%s is shown in its own stage', (_, given, stage) => {
  expect(failedStage(given)).toBe(stage);
});

test('a used-up quota is no failure of a stage', () => {
  const error = { code: 'destination_quota', message: '', fix: '' } as never;
  expect(failureTitle({ ...run('commit', 'failed', 60), error })).toBe(
    'The run stopped at the quota of the destination.',
  );
  expect(failureTitle({ ...run('commit', 'failed', 60), error: null })).toBe(
    'The run failed while rows were sent.',
  );
});
