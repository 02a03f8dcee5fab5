import { SluiceError } from '@sluice/domain/error';
import type { ApiClient } from '../api/api-client.ts';
import { textsIn, unsetIn } from '../files/environment-reference.ts';
import { problemsError } from '../files/problem.ts';
import { countFiles, type DefinitionFiles, readDirectory } from '../files/read-directory.ts';
import { type Catalogue, readCatalogue } from './catalogue.ts';
import type { Environment } from './compare-connection.ts';
import { makePlan, type Plan, type PlanOptions } from './make-plan.ts';
import { readWorkspace, type Workspace } from './read-workspace.ts';

export interface PreparedPlan {
  readonly plan: Plan;
  readonly workspace: Workspace;
  readonly catalogue: Catalogue;
  /** Variables that the files name and that have no value: name → file. */
  readonly unset: ReadonlyMap<string, string>;
}

/** Reads and checks all files before anything is asked of the server. Throws `input_invalid` with every problem. */
export async function readFiles(directory: string): Promise<DefinitionFiles> {
  const { files, problems } = await readDirectory(directory);
  if (problems.length > 0) throw problemsError(problems);
  if (countFiles(files) > 0) return files;
  throw new SluiceError('input_invalid', `There is no configuration in ${directory}.`, {
    fix: `Name the directory that holds sources/, models/, destinations/, syncs/ and sequences/, or make it: \`sluice pull ${directory}\`.`,
  });
}

/** The plan for the files, against the workspace as it is now. Throws `input_invalid` for what no change can bring about. */
export async function preparePlan(
  api: ApiClient,
  files: DefinitionFiles,
  environment: Environment,
  options: PlanOptions,
): Promise<PreparedPlan> {
  const [workspace, catalogue] = await Promise.all([readWorkspace(api), readCatalogue(api)]);
  const { plan, problems } = makePlan(files, { workspace, catalogue }, environment, options);
  if (problems.length > 0) throw problemsError(problems);
  return { plan, workspace, catalogue, unset: unsetVariables(files, environment) };
}

function unsetVariables(files: DefinitionFiles, environment: Environment): Map<string, string> {
  const unset = new Map<string, string>();
  for (const { file, definition } of [...files.sources.values(), ...files.destinations.values()]) {
    for (const { text } of textsIn(definition.configuration))
      for (const name of unsetIn(text, environment)) unset.set(name, file);
  }
  return unset;
}
