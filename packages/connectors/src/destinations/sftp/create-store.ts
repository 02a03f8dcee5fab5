import { randomBytes } from 'node:crypto';
import { SluiceError } from '@sluice/domain/error';
import type { ResponseView } from '@sluice/domain/sync';
import { abortError, throwIfAborted, untilAborted } from '../../kit/aborted.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { type Delivery, NotAdmitted } from '../../kit/destination.ts';
import { FileNotStored, type FileStore } from '../../kit/file/file-store.ts';
import type { SftpSettings } from './configuration.ts';
import { openSftp, type SftpSession } from './connect.ts';
import { sftpFailure, statusOf } from './error.ts';
import { makeFolders, namesIn, remove, rename, sizeOf, writeFile } from './folder.ts';

/** How long tidying up may take. */
const tidyMs = 2_000;

/** Writes files under a name that nobody looks for, and gives them their own when they are whole. */
export function createStore(settings: SftpSettings, context: ConnectContext): FileStore {
  const put = async (
    name: string,
    bytes: AsyncIterable<Uint8Array>,
    delivery: Delivery,
  ): Promise<ResponseView> => {
    const { admit, confirm } = delivery;
    const signal = AbortSignal.any([delivery.signal, context.signal]);
    const path = `${settings.directory}${name}`;
    const slash = path.lastIndexOf('/') + 1;
    const [folder, base] = [path.slice(0, slash), path.slice(slash)];
    const mark = `.${base}.`;
    const unfinished = `${folder}${mark}${randomBytes(6).toString('hex')}${ending}`;
    let renaming = false;
    let session: SftpSession | null = null;
    try {
      await admit();
      session = await openSftp(settings, context, signal);
      const { sftp } = session;
      const work = async (): Promise<number> => {
        await makeFolders(sftp, folder);
        await removeLeftovers(session as SftpSession, folder, mark);
        const length = await writeFile(sftp, unfinished, bytes, admit);
        const stored = await sizeOf(sftp, unfinished);
        if (stored !== length) {
          throw new FileNotStored('incomplete', `The server kept ${stored} of ${length} bytes.`);
        }
        await admit();
        throwIfAborted(signal);
        confirm?.();
        renaming = true;
        await rename(sftp, unfinished, path);
        return length;
      };
      const length = await untilAborted(ended(session, work()), signal);
      return { summary: `Written, ${length.toLocaleString('en-US')} bytes`, headers: {}, body: null };
    } catch (thrown) {
      // A lost answer to the renaming says nothing of the file.
      const inDoubt = renaming && statusOf(thrown) === null;
      if (session && !inDoubt) await tidy(session, unfinished);
      if (inDoubt) throw new FileNotStored('no_answer', 'The connection broke.', { cause: thrown, inDoubt });
      if (thrown instanceof NotAdmitted) throw thrown;
      if (signal.aborted) throw abortError(signal);
      throw isOurs(thrown) ? sftpFailure(thrown, settings) : thrown;
    } finally {
      session?.close();
    }
  };
  return {
    put,
    view: (name) => ({
      summary: `PUT sftp://${settings.user}@${settings.host}:${settings.port}/${`${settings.directory}${name}`.replace(/^\//, '')}`,
      headers: {},
    }),
    close: () => Promise.resolve(),
  };
}

/** Of a file that is not whole. */
const ending = '.sluice-part';

/** What dead workers have left of the same file. */
async function removeLeftovers({ sftp }: SftpSession, folder: string, mark: string): Promise<void> {
  const names = await namesIn(sftp, folder).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(mark) || !name.endsWith(ending)) continue;
    await remove(sftp, `${folder}${name}`).catch(() => undefined);
  }
}

/** Never throws, and does not wait for a server that says nothing. */
async function tidy({ sftp }: SftpSession, path: string): Promise<void> {
  const removed = remove(sftp, path).catch(() => undefined);
  await untilAborted(removed, AbortSignal.timeout(tidyMs)).catch(() => undefined);
}

/** The work, which ends with the connection. */
function ended<T>({ sftp }: SftpSession, work: Promise<T>): Promise<T> {
  const closed = new Promise<never>((_, reject) => {
    sftp.once('close', () =>
      reject(Object.assign(new Error('the connection was closed'), { level: 'sftp' })),
    );
  });
  // Whoever comes second has nobody to hear it.
  work.catch(() => undefined);
  closed.catch(() => undefined);
  return Promise.race([work, closed]);
}

/** Whether a failure is of the server or the connection to it; others come from the rows. */
function isOurs(thrown: unknown): boolean {
  if (thrown instanceof FileNotStored || thrown instanceof SluiceError || statusOf(thrown) !== null)
    return true;
  const { level } = (thrown ?? {}) as { level?: unknown };
  return (
    typeof level === 'string' ||
    (thrown instanceof Error && /not connected|no response from server|channel/i.test(thrown.message))
  );
}
