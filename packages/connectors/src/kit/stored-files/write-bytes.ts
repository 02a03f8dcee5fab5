import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { SluiceError } from '@sluice/domain/error';
import { errorCode } from '../egress-failure.ts';
import { fetchedBytesMax } from './stored-files.ts';

/** Writes a stream into a file and answers how many bytes it had. Throws `storage_full`, and `source_failed` when it is too long. */
export async function writeBytes(bytes: Readable, path: string): Promise<number> {
  const file = await open(path, 'wx', 0o600);
  let written = 0;
  try {
    for await (const chunk of bytes) {
      written += (chunk as Buffer).length;
      if (written > fetchedBytesMax) {
        throw new SluiceError('source_failed', 'The file is larger than 4 GiB.', {
          fix: 'Split it into several files.',
        });
      }
      await file.appendFile(chunk as Buffer);
    }
    return written;
  } catch (thrown) {
    if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(errorCode(thrown) ?? ''))
      throw new SluiceError('storage_full', 'The disk filled up while a file was being fetched.', {
        cause: thrown,
      });
    throw thrown;
  } finally {
    bytes.destroy();
    await file.close();
  }
}
