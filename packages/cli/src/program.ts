import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type ApiClient, openApi } from './api/api-client.ts';
import { apply } from './commands/apply.ts';
import { cancel } from './commands/cancel.ts';
import { inspect } from './commands/inspect.ts';
import { list } from './commands/list.ts';
import { logs } from './commands/logs.ts';
import { plan } from './commands/plan.ts';
import { pull } from './commands/pull.ts';
import { pushDbt } from './commands/push-dbt.ts';
import { rejected } from './commands/rejected.ts';
import { run } from './commands/run.ts';
import { type ExitCode, exitCodeOfError, exitCodes } from './exit-code.ts';
import { printError } from './print-error.ts';
import { readSettings } from './settings.ts';
import type { Terminal } from './terminal.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Runs the command line, and answers what the process ends with. Never throws: failures are written to the terminal. */
export async function runProgram(
  argv: readonly string[],
  terminal: Terminal,
  environment: Environment,
): Promise<ExitCode> {
  let code: ExitCode = exitCodes.success;
  const program = describe({
    terminal,
    environment,
    end: (with_) => {
      code = with_;
    },
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (thrown) {
    // Commander has said it already: help that was asked for, or what is wrong with the arguments.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.success : exitCodes.usage;
    printError(terminal, thrown);
    return exitCodeOfError(thrown);
  }
}

function describe({
  terminal,
  environment,
  end,
}: {
  terminal: Terminal;
  environment: Environment;
  end: (code: ExitCode) => void;
}): Command {
  const program = new Command('sluice')
    .description('Look at Sluice, run syncs, and keep their configuration in files.')
    .option('--url <url>', 'where Sluice is (SLUICE_URL)')
    .option('--token <token>', 'API token (SLUICE_TOKEN); other users of the machine can read arguments')
    .exitOverride()
    .showHelpAfterError('(--help shows how)')
    .addHelpText('after', exitCodeHelp);
  const api = (): ApiClient => openApi(readSettings(program.opts(), environment));
  // Subcommands take over exitOverride and the rest from the program.
  const command = (signature: string, summary: string) => program.command(signature).description(summary);
  const json = () => new Option('--json', 'JSON instead of text').default(false);

  command('list <kind>', 'list sources, models, destinations, syncs, sequences or runs')
    .addOption(new Option('--sync <sync>', 'only runs of this sync'))
    .addOption(new Option('--limit <count>', 'how many runs').default(20).argParser(readCount))
    .addOption(json())
    .action((kind: string, options) => list(api(), terminal, kind, options));
  command(
    'inspect <kind> <reference>',
    'show a source, model, destination, sync, sequence (by slug or id) or run',
  )
    .addOption(json())
    .action((kind: string, reference: string, options) =>
      inspect(api(), terminal, { kind, reference }, options),
    );
  command('run <sync>', 'run a sync')
    .option('--wait', 'wait for the end and show the progress', false)
    .option('--timeout <time>', 'wait, but no longer than 90s, 15m, 2h (the run goes on)')
    .option('--full-resync', 'send every row again', false)
    .option('--ignore-guards', 'run although a guard stopped the run before', false)
    .addOption(json())
    .action(async (sync: string, options) => end(await run(api(), terminal, sync, options)));
  command('logs <run>', 'show what a run wrote down')
    .option('-f, --follow', 'go on until the run has ended', false)
    .addOption(json())
    .action((reference: string, options) => logs(api(), terminal, reference, options));
  command('rejected <sync> [run]', 'show the rows that a run (the newest one) could not deliver, and why')
    .addOption(new Option('--csv', 'all of them as CSV').default(false).conflicts('json'))
    .addOption(json())
    .action((sync: string, wanted: string | undefined, options) =>
      rejected(api(), terminal, { sync, run: wanted }, options),
    );
  command('cancel <run>', 'stop a run; what was accepted stays')
    .addOption(json())
    .action((reference: string, options) => cancel(api(), terminal, reference, options));

  command('dbt', 'what dbt built')
    .command('push')
    .description('send the manifest of a dbt project, and start the syncs of what was built')
    .requiredOption('--project <project>', 'slug of the dbt project in Sluice')
    .option('--target <directory>', "dbt's target directory", 'target')
    .option('--trigger', 'start the syncs of the models that run_results.json says were built', false)
    .option('--check', 'only show what the manifest would change', false)
    .addOption(json())
    .action(async (options) => end(await pushDbt(api(), terminal, options)));

  command('pull <directory>', 'write the configuration of the workspace into files')
    .option('--overwrite', 'also where a file says something else', false)
    .action((directory: string, options) => pull(api(), terminal, directory, options));
  command('plan <directory>', 'show what applying the files would change')
    .option('--prune', 'remove what has no file', false)
    .option('--send-secrets', 'send every secret again, to rotate it', false)
    .option('--check', 'end with 7 when there is something to do', false)
    .addOption(json())
    .action(async (directory: string, options) =>
      end(await plan(api(), terminal, { directory, environment }, options)),
    );
  command('apply <directory>', 'make the workspace as the files say')
    .option('--prune', 'remove what has no file', false)
    .option('--send-secrets', 'send every secret again, to rotate it', false)
    .option('-y, --yes', 'do not ask', false)
    .action(async (directory: string, options) =>
      end(await apply(api(), terminal, { directory, environment }, options)),
    );
  return program;
}

function readCount(typed: string): number {
  const count = Number(typed);
  if (Number.isInteger(count) && count >= 1 && count <= 1_000) return count;
  throw new InvalidArgumentError('Use a number from 1 to 1000.');
}

const exitCodeHelp = `
Ends with: 0 success, 1 any other failure, 2 wrong arguments, settings or files (nothing was sent);
  run --wait: 3 finished with rejected rows, 4 failed, 5 cancelled, 6 still running after --timeout;
  plan --check: 7 there is something to do;
  dbt push: 3 taken, but a model or sync needs a look, 4 the dbt build failed and nothing was started.`;
