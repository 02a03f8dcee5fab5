import { isDeepStrictEqual } from 'node:util';
import { SluiceError } from '@sluice/domain/error';
import type { ApiClient } from '../api/api-client.ts';
import { type ExitCode, exitCodeOfError, exitCodes } from '../exit-code.ts';
import { nounOf } from '../kind.ts';
import { type AppliedPlan, applyPlan } from '../plan/apply-plan.ts';
import type { Environment } from '../plan/compare-connection.ts';
import type { PlannedChange } from '../plan/make-plan.ts';
import { type PreparedPlan, preparePlan, readFiles } from '../plan/prepare-plan.ts';
import { printPlan } from '../plan/print-plan.ts';
import { printError } from '../print-error.ts';
import type { Terminal } from '../terminal.ts';

/**
 * `sluice apply`: shows the plan, asks, and carries it out. Nothing is sent before every file is right and every
 * variable is set; the first failure ends it. Throws `input_invalid`, `settings_invalid` for unset variables, and
 * `conflict` when the workspace changed while the question stood.
 */
export async function apply(
  api: ApiClient,
  terminal: Terminal,
  input: { directory: string; environment: Environment },
  options: { prune: boolean; sendSecrets: boolean; yes: boolean },
): Promise<ExitCode> {
  const files = await readFiles(input.directory);
  const prepare = () => preparePlan(api, files, input.environment, options);
  const prepared = await prepare();
  assertVariables(prepared);
  printPlan(terminal, prepared.plan);
  if (prepared.plan.changes.length === 0) return exitCodes.success;
  if (!options.yes) {
    const answer = await terminal.ask('Apply this? Only "yes" does: ');
    if (answer === null) throw notAsked();
    if (answer.trim().toLowerCase() !== 'yes') {
      terminal.note('Nothing was changed.');
      return exitCodes.cancelled;
    }
    if (!isDeepStrictEqual((await prepare()).plan, prepared.plan)) throw changedMeanwhile();
  }
  terminal.out('');
  const applied = await applyPlan(api, prepared, {
    environment: input.environment,
    onDone(change, ignored) {
      terminal.out(`${doneWords[change.action]} ${nameOf(change)}`);
      for (const path of ignored)
        terminal.note(
          `  ${path} did not become what ${change.kind}/${change.slug}.yaml says: it has no effect with the other settings, or Sluice writes it in another way. \`sluice plan\` shows how.`,
        );
    },
  });
  return report(terminal, applied);
}

function report(terminal: Terminal, { done, failure, left }: AppliedPlan): ExitCode {
  if (!failure) {
    terminal.out(`Applied ${done.length} ${done.length === 1 ? 'change' : 'changes'}.`);
    return exitCodes.success;
  }
  printError(terminal, failure.error);
  terminal.note(`Failed: ${describe(failure.at)}`);
  terminal.note(`Done before: ${done.map(describe).join(', ') || 'nothing'}`);
  terminal.note(`Not begun: ${left.map(describe).join(', ') || 'nothing'}`);
  terminal.note('Apply again once the cause is gone: what is done already is left as it is.');
  return exitCodeOfError(failure.error);
}

const doneWords = { create: 'Created', update: 'Changed', remove: 'Removed' } as const;
const nameOf = (change: PlannedChange): string => `${nounOf(change.kind)} ${change.slug}`;
const describe = (change: PlannedChange): string => `${change.action} ${nameOf(change)}`;

function assertVariables({ unset }: PreparedPlan): void {
  if (unset.size === 0) return;
  const lines = [...unset].map(([name, file]) => `${name} (${file})`);
  throw new SluiceError(
    'settings_invalid',
    ['Variables that the files name are not set:', ...lines].join('\n'),
    {
      fix: 'Set them and apply again. Nothing was changed.',
    },
  );
}

const notAsked = (): SluiceError =>
  new SluiceError('confirmation_required', 'Nobody is there to say yes: this is not a terminal.', {
    fix: 'Read the plan, and use --yes to apply it without asking. Nothing was changed.',
  });

const changedMeanwhile = (): SluiceError =>
  new SluiceError('conflict', 'Somebody changed the workspace after the plan was shown.', {
    fix: 'Apply again, and read the new plan. Nothing was changed.',
  });
