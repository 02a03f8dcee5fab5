import type { ApiClient } from '../api/api-client.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import type { Environment } from '../plan/compare-connection.ts';
import { preparePlan, readFiles } from '../plan/prepare-plan.ts';
import { planJson, printPlan } from '../plan/print-plan.ts';
import type { Terminal } from '../terminal.ts';

/** `sluice plan`: what applying the files would change, field by field. Changes nothing. Throws `input_invalid`. */
export async function plan(
  api: ApiClient,
  terminal: Terminal,
  input: { directory: string; environment: Environment },
  options: { prune: boolean; sendSecrets: boolean; check: boolean; json: boolean },
): Promise<ExitCode> {
  const files = await readFiles(input.directory);
  const prepared = await preparePlan(api, files, input.environment, options);
  if (options.json) terminal.out(JSON.stringify(planJson(prepared.plan), null, 2));
  else printPlan(terminal, prepared.plan);
  for (const [name, file] of prepared.unset)
    terminal.note(`${name} is not set (${file}): apply will refuse to begin.`);
  return options.check && prepared.plan.changes.length > 0 ? exitCodes.changes : exitCodes.success;
}
