import { type FileHandle, open } from 'node:fs/promises';
import { SluiceError } from '@sluice/domain/error';
import { errorCode } from '../egress-failure.ts';
import type { Block } from './engine.ts';

/** Bytes gathered before they are written. */
const bufferBytes = 256 * 1024;

export interface SpoolWriter {
  /** Takes rows; resolves when there is room for more. */
  write(block: Block): Promise<void>;
  /** Writes what is left. Answers how much the file holds. */
  finish(): Promise<{ rows: number; bytes: number }>;
  /** Closes the file, finished or not. */
  close(): Promise<void>;
}

/**
 * Writes rows of canonical text as the CSV of `kit/source.ts`: NULL is an empty field, every other value is quoted where
 * it has to be. Throws `storage_full` when the disk is.
 */
export async function openSpoolWriter(path: string): Promise<SpoolWriter> {
  const file = await open(path, 'w');
  let text = '';
  let rows = 0;
  let bytes = 0;
  const flush = async () => {
    if (text === '') return;
    const buffer = Buffer.from(text, 'utf8');
    text = '';
    bytes += buffer.length;
    await writeWhole(file, buffer);
  };
  return {
    async write(block) {
      for (const row of block) {
        text += csvLine(row);
        rows += 1;
        if (text.length >= bufferBytes) await flush();
      }
    },
    async finish() {
      await flush();
      return { rows, bytes };
    },
    close: () => file.close(),
  };
}

/** A row of canonical text as a line of the spool: NULL is an empty field, empty text is quoted. */
export function csvLine(row: readonly (string | null)[]): string {
  let line = '';
  for (let index = 0; index < row.length; index += 1) {
    const cell = row[index] as string | null;
    if (index > 0) line += ',';
    if (cell === null) continue;
    line += cell === '' || special.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  }
  return `${line}\n`;
}

const special = /[",\r\n]/;

/** Writes all of it. Throws `storage_full` when the disk is. */
export async function writeWhole(file: FileHandle, bytes: Buffer): Promise<void> {
  try {
    for (let written = 0; written < bytes.length; ) {
      written += (await file.write(bytes, written, bytes.length - written)).bytesWritten;
    }
  } catch (cause) {
    if (!['ENOSPC', 'EDQUOT', 'EFBIG'].includes(errorCode(cause) ?? '')) throw cause;
    throw new SluiceError('storage_full', 'The disk filled up while the rows were being read.', { cause });
  }
}
