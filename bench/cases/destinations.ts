import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inTurns, type LoneCase, type Measured } from '../bench-case.ts';
import { apiLoads } from '../destinations/api-loads.ts';
import { type FileKind, fileLoad } from '../destinations/file-load.ts';
import type { ApiLoad } from '../destinations/load.ts';
import { recordTranscript } from '../destinations/transcript.ts';
import { runProgram, startProgram } from '../program.ts';
import { destinationServers } from './destination-servers.ts';

/** What a destination needs for rows that are mapped, against a bare loop that makes and sends the same requests. */
const apiDestination = (name: string, load: ApiLoad): LoneCase => ({
  name: `destination-${name}`,
  title: `${name}, ${load.batchRows.toLocaleString('en-US')} rows a batch`,
  ratioMax: 1 / 0.9,
  byProcessor: true,
  rows: load.rows,
  async measure({ repeat }) {
    const directory = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
    try {
      const file = join(directory, 'transcript.json');
      await writeFile(file, JSON.stringify(await recordTranscript(load)));
      const by = (who: 'hand' | 'product') => async (): Promise<Measured> => {
        const vendor = await startProgram('replay.ts', { file, setUp: who === 'product' });
        try {
          return await runProgram('deliver.ts', { load: name, by: who, url: vendor.said, file });
        } finally {
          vendor.stop();
        }
      };
      return await inTurns(repeat, by('hand'), by('product'));
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
});

/** Requests of one measurement by the clock. */
const requests = 400;
const answerMs = 50;

/**
 * How fast rows go to a vendor that takes 50 ms for an answer, as many batches at once as the destination sends, against a
 * bare loop over the same requests.
 */
const patientVendor = (name: string, load: ApiLoad): LoneCase => ({
  name: `vendor-${name}`,
  title: `${name}, answers in ${answerMs} ms`,
  ratioMax: 1 / 0.9,
  rows: load.batchRows,
  async measure({ repeat }) {
    const directory = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
    try {
      const file = join(directory, 'transcript.json');
      // Answers that name rows are then right for whichever batch comes first.
      await writeFile(file, JSON.stringify(await recordTranscript({ ...load, batches: 1 })));
      const by = (who: 'hand' | 'product') => async (): Promise<Measured> => {
        const replay = { file, setUp: who === 'product', delayMs: answerMs };
        const vendor = await startProgram('replay.ts', replay);
        try {
          return await runProgram('deliver.ts', { load: name, by: who, url: vendor.said, file, requests });
        } finally {
          vendor.stop();
        }
      };
      return await inTurns(repeat, by('hand'), by('product'));
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
});

/** Files of buckets and servers: what is made before anything is stored. */
const fileDestination = (format: FileKind): LoneCase => ({
  name: `destination-files-${format}`,
  title: `files (Amazon S3, SFTP), ${format.toUpperCase()}`,
  ratioMax: 1 / 0.9,
  byProcessor: true,
  rows: fileLoad(format).rows,
  measure({ repeat }) {
    const by = (who: 'hand' | 'product') => () => runProgram('encode-file.ts', { format, by: who });
    return inTurns(repeat, by('hand'), by('product'));
  },
});

export const destinations: readonly LoneCase[] = [
  ...Object.entries(apiLoads).map(([name, load]) => apiDestination(name, load)),
  ...Object.entries(apiLoads).map(([name, load]) => patientVendor(name, load)),
  fileDestination('csv'),
  fileDestination('ndjson'),
  fileDestination('parquet'),
  ...destinationServers,
];
