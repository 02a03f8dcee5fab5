import type { SFTPWrapper } from 'ssh2';
import { sftpStatus, statusOf } from './error.ts';

/** Pieces of a file that are on their way at once: a server answers each, and the way to it may be long. */
const piecesMax = 32;
/** What every server takes at once. https://datatracker.ietf.org/doc/html/draft-ietf-secsh-filexfer-02#section-3 (2026-11) */
const pieceBytes = 32_000;

/** Makes a folder and those above it, where they are missing. */
export async function makeFolders(sftp: SFTPWrapper, path: string): Promise<void> {
  const parts = path.split('/').filter((part) => part !== '');
  for (let length = 1; length <= parts.length; length += 1) {
    const folder = `${path.startsWith('/') ? '/' : ''}${parts.slice(0, length).join('/')}`;
    const missing = await call<unknown>((done) => sftp.stat(folder, done)).then(
      () => false,
      (thrown: unknown) => {
        if (statusOf(thrown) === sftpStatus.noSuchFile) return true;
        throw thrown;
      },
    );
    if (!missing) continue;
    await call((done) => sftp.mkdir(folder, done)).catch(async (thrown: unknown) => {
      // Another worker may have made it meanwhile.
      await call<unknown>((done) => sftp.stat(folder, done)).catch(() => {
        throw thrown;
      });
    });
  }
}

/**
 * Writes a file of this name from beginning to end; what the server has not confirmed is not written. `between` is asked
 * before each piece. Answers its length.
 */
export async function writeFile(
  sftp: SFTPWrapper,
  path: string,
  source: AsyncIterable<Uint8Array>,
  between: () => Promise<void>,
): Promise<number> {
  const handle = await call<Buffer>((done) => sftp.open(path, 'w', done));
  const onTheirWay = new Set<Promise<void>>();
  let failure: { readonly thrown: unknown } | null = null;
  let position = 0;
  for await (const bytes of source) {
    await between();
    for (let from = 0; from < bytes.length; from += pieceBytes) {
      const piece = Buffer.from(bytes.subarray(from, from + pieceBytes));
      const at = position;
      position += piece.length;
      const written: Promise<void> = call((done) => sftp.write(handle, piece, 0, piece.length, at, done))
        .catch((thrown: unknown) => {
          failure ??= { thrown };
        })
        .finally(() => onTheirWay.delete(written));
      onTheirWay.add(written);
      if (onTheirWay.size >= piecesMax) await Promise.race(onTheirWay);
      if (failure) throw (failure as { readonly thrown: unknown }).thrown;
    }
  }
  await Promise.all(onTheirWay);
  if (failure) throw (failure as { readonly thrown: unknown }).thrown;
  await call((done) => sftp.close(handle, done));
  return position;
}

/**
 * Gives a file its name. Servers of OpenSSH's kind replace what had the name before in one step; others are asked to
 * remove it first, so for a moment there is none.
 */
export async function rename(sftp: SFTPWrapper, from: string, to: string): Promise<void> {
  if (await renamed(sftp, from, to)) return;
  await call((done) => sftp.rename(from, to, done)).catch(async (thrown: unknown) => {
    if (statusOf(thrown) !== sftpStatus.failure) throw thrown;
    await call((done) => sftp.unlink(to, done)).catch(() => {
      throw thrown;
    });
    await call((done) => sftp.rename(from, to, done));
  });
}

/** https://github.com/openssh/openssh-portable/blob/master/PROTOCOL section 4.3 (2026-11) */
async function renamed(sftp: SFTPWrapper, from: string, to: string): Promise<boolean> {
  try {
    await call((done) => sftp.ext_openssh_rename(from, to, done));
    return true;
  } catch (thrown) {
    // Thrown before anything is sent.
    if (thrown instanceof Error && /does not support this extended request/.test(thrown.message))
      return false;
    throw thrown;
  }
}

/** Length of a file. */
export const sizeOf = async (sftp: SFTPWrapper, path: string): Promise<number> =>
  (await call<{ size: number }>((done) => sftp.stat(path, done))).size;

/** Names in a folder. */
export const namesIn = async (sftp: SFTPWrapper, folder: string): Promise<string[]> =>
  (await call<{ filename: string }[]>((done) => sftp.readdir(folder || '.', done))).map(
    ({ filename }) => filename,
  );

export const remove = (sftp: SFTPWrapper, path: string): Promise<void> =>
  call((done) => sftp.unlink(path, done));

type Done<T> = (error: Error | null | undefined, value: T) => void;

/** A request of the client as a promise; a connection that ends answers all of them with an error. */
function call<T = void>(start: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => (error ? reject(error) : resolve(value)));
  });
}
