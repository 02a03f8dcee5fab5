import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join, normalize } from 'node:path/posix';
import ssh2 from 'ssh2';

/** What goes wrong with an operation. */
export type SftpFault = 'failure' | 'denied' | 'cut_before' | 'cut_after' | 'silent';

export type SftpOperation =
  | 'REALPATH'
  | 'STAT'
  | 'MKDIR'
  | 'OPEN'
  | 'WRITE'
  | 'CLOSE'
  | 'CLOSEDIR'
  | 'REMOVE'
  | 'RENAME'
  | 'OPENDIR'
  | 'READDIR';

const { STATUS_CODE, OPEN_MODE } = ssh2.utils.sftp;

/**
 * SFTP, version 3, over a directory: RENAME does not replace a file, and there are no extensions.
 * https://datatracker.ietf.org/doc/html/draft-ietf-secsh-filexfer-02 (2026-11)
 */
export function serveFiles(
  sftp: ssh2.SFTPWrapper,
  directory: string,
  control: { begin(operation: SftpOperation): SftpFault | null; cut(): void },
): void {
  const open = new Map<number, { fd: number } | { names: string[] | null }>();
  let lastHandle = 0;
  const pathOf = (path: string): string => join(directory, normalize(join('/', path)));
  const handleOf = (target: { fd: number } | { names: string[] | null }): Buffer => {
    lastHandle += 1;
    open.set(lastHandle, target);
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(lastHandle);
    return handle;
  };
  const find = (handle: Buffer) => open.get(handle.readUInt32BE());

  /** Does the work and answers, unless something is to go wrong. */
  const perform = (id: number, operation: SftpOperation, work: () => void): void => {
    const fault = control.begin(operation);
    if (fault === 'silent') return;
    if (fault === 'cut_before') control.cut();
    else if (fault === 'failure') sftp.status(id, STATUS_CODE.FAILURE);
    else if (fault === 'denied') sftp.status(id, STATUS_CODE.PERMISSION_DENIED);
    else {
      try {
        // Broken first, so that no answer leaves.
        if (fault === 'cut_after') control.cut();
        work();
      } catch (thrown) {
        sftp.status(id, statusOf(thrown));
      }
    }
  };
  const done = (id: number): void => sftp.status(id, STATUS_CODE.OK);

  sftp.on('REALPATH', (id, path) =>
    perform(id, 'REALPATH', () =>
      sftp.name(id, [{ filename: normalize(join('/', path)), longname: '', attrs: attributes(null) }]),
    ),
  );
  const stat = (id: number, path: string): void =>
    perform(id, 'STAT', () => sftp.attrs(id, attributes(statSync(pathOf(path)))));
  sftp.on('STAT', stat);
  sftp.on('LSTAT', stat);
  sftp.on('FSTAT', (id, handle) =>
    perform(id, 'STAT', () => {
      const target = find(handle);
      sftp.attrs(id, attributes(target && 'fd' in target ? fstatSync(target.fd) : null));
    }),
  );
  sftp.on('MKDIR', (id, path) =>
    perform(id, 'MKDIR', () => {
      mkdirSync(pathOf(path));
      done(id);
    }),
  );
  sftp.on('OPEN', (id, path, flags) =>
    perform(id, 'OPEN', () => {
      const mode = flags & OPEN_MODE.WRITE ? 'w' : 'r';
      sftp.handle(id, handleOf({ fd: openSync(pathOf(path), mode) }));
    }),
  );
  sftp.on('WRITE', (id, handle, offset, data) =>
    perform(id, 'WRITE', () => {
      const target = find(handle);
      if (!target || !('fd' in target)) return sftp.status(id, STATUS_CODE.FAILURE);
      writeSync(target.fd, data, 0, data.length, offset);
      done(id);
    }),
  );
  sftp.on('CLOSE', (id, handle) => {
    const target = find(handle);
    const operation = target && 'fd' in target ? 'CLOSE' : 'CLOSEDIR';
    perform(id, operation, () => {
      if (target && 'fd' in target) closeSync(target.fd);
      open.delete(handle.readUInt32BE());
      done(id);
    });
  });
  sftp.on('REMOVE', (id, path) =>
    perform(id, 'REMOVE', () => {
      unlinkSync(pathOf(path));
      done(id);
    }),
  );
  sftp.on('RENAME', (id, from, to) =>
    perform(id, 'RENAME', () => {
      if (existsSync(pathOf(to))) return sftp.status(id, STATUS_CODE.FAILURE, 'File exists');
      renameSync(pathOf(from), pathOf(to));
      done(id);
    }),
  );
  sftp.on('OPENDIR', (id, path) =>
    perform(id, 'OPENDIR', () => sftp.handle(id, handleOf({ names: readdirSync(pathOf(path)) }))),
  );
  sftp.on('READDIR', (id, handle) =>
    perform(id, 'READDIR', () => {
      const target = find(handle);
      const names = target && 'names' in target ? target.names : null;
      if (!target || !('names' in target) || names === null || names.length === 0) {
        return sftp.status(id, STATUS_CODE.EOF);
      }
      target.names = null;
      sftp.name(
        id,
        names.map((filename) => ({ filename, longname: filename, attrs: attributes(null) })),
      );
    }),
  );
}

function statusOf(thrown: unknown): number {
  const { code } = thrown as { code?: string };
  if (code === 'ENOENT') return STATUS_CODE.NO_SUCH_FILE;
  return code === 'EACCES' || code === 'EPERM' ? STATUS_CODE.PERMISSION_DENIED : STATUS_CODE.FAILURE;
}

const attributes = (stats: Stats | null) => ({
  mode: stats?.mode ?? 0o100644,
  uid: 0,
  gid: 0,
  size: stats?.size ?? 0,
  atime: 0,
  mtime: 0,
});
