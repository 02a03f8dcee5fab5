import { randomBytes } from 'node:crypto';
import type { CheckResult } from '@sluice/domain/connector';
import { abortError, untilAborted } from '../../kit/aborted.ts';
import { type CheckNames, runChecks } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { SftpSettings } from './configuration.ts';
import { openSftp, type SftpSession } from './connect.ts';
import { sftpError } from './error.ts';
import { makeFolders, remove, rename, writeFile } from './folder.ts';

export const sftpCheckNames: CheckNames = [
  { name: 'sign_in', label: 'Reach the server, know its key and sign in' },
  { name: 'write', label: 'Write, rename and remove a file' },
];

/** Yields the results of `sftpCheckNames` in order. */
export async function* checkSftp(
  settings: SftpSettings,
  context: ConnectContext,
): AsyncGenerator<CheckResult> {
  let session: SftpSession | null = null;
  const steps = {
    sign_in: async () => {
      session = await openSftp(settings, context, context.signal);
      return {
        status: 'passed' as const,
        message: `Signed in as ${settings.user}. The server's key is ${session.hostKey}.`,
      };
    },
    write: async () => {
      const { sftp } = session as unknown as SftpSession;
      const name = `${settings.directory}.sluice-connection-test-${randomBytes(4).toString('hex')}`;
      const work = async (): Promise<void> => {
        await makeFolders(sftp, settings.directory);
        await writeFile(sftp, `${name}.sluice-part`, bytes(), () => Promise.resolve());
        await rename(sftp, `${name}.sluice-part`, name);
        await remove(sftp, name);
      };
      await untilAborted(work(), context.signal).catch((thrown: unknown) => {
        throw context.signal.aborted ? abortError(context.signal) : sftpError(thrown, settings);
      });
      const where = settings.directory || 'the folder one signs in to';
      return { status: 'passed' as const, message: `A file was written to ${where} and removed again.` };
    },
  };
  try {
    yield* runChecks(sftpCheckNames, steps, context.signal);
  } finally {
    (session as SftpSession | null)?.close();
  }
}

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('Sluice tried whether it may write here.\n');
}
