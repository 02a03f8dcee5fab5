import {
  type DestinationConnection,
  type DestinationWriter,
  NotAdmitted,
} from '@sluice/connectors/kit/destination';
import type { FileBatch, FileLife, FileResult } from '@sluice/connectors/kit/file-batch';
import { SluiceError } from '@sluice/domain/error';
import type { World } from './world.ts';

/** What becomes of a file at the moment it would be complete, decided by a test. */
export type FileVerdict = 'complete' | 'retry' | 'lost_visible' | 'lost_invisible' | 'broken';

/** A destination that keeps files: a file is on the shelf whole or not at all. */
export class Shelf {
  /** Name → keys, as anybody sees them. */
  readonly files = new Map<string, string[]>();
  begun: string[] = [];
  rowsMax = 1_000_000;
  whenEmpty = false;
  decide: (name: string) => FileVerdict = () => 'complete';
  /** Keys that cannot stand in a file. */
  refuses: readonly string[] = [];
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
    world.connect = () => this.connection();
  }

  private connection(): DestinationConnection {
    const unused = (): never => {
      throw new SluiceError('internal', 'not part of the test');
    };
    return {
      check: unused,
      listObjects: unused,
      describeObject: unused,
      validate: async () => ({}),
      columnsUsed: () => 'all',
      columnsNamed: () => [],
      columnsForRemoval: () => [],
      writesEmptyFiles: () => this.whenEmpty,
      writer: async (_configuration, variables) => this.writer(String(variables?.['run-id'])),
      close: async () => undefined,
    };
  }

  private writer(run: string): DestinationWriter {
    const files: FileLife = {
      rowsMax: this.rowsMax,
      write: (file, delivery) => this.write(run, file, delivery.admit),
    };
    return {
      limits: { batchRowsMax: 1, concurrency: 1, requests: [] },
      mixedBatches: false,
      files,
      deliver: async () => {
        throw new SluiceError('internal', 'a run of files is delivered in files');
      },
      preview: async () => [],
      close: async () => undefined,
    };
  }

  private async write(run: string, file: FileBatch, admit: () => Promise<void>): Promise<FileResult> {
    const name = `${run}-${file.class}-${file.part.number}-of-${file.part.of}`;
    const exchanges: [] = [];
    const later = { status: 'retry', message: 'later', exchanges } as const;
    try {
      await admit();
      await this.world.call('file:begin');
      this.begun.push(name);
      const keys: string[] = [];
      const rejected = [];
      for await (const records of file.rows()) {
        await this.world.call('file:rows');
        for (const record of records) {
          if (!this.refuses.includes(record.key)) keys.push(record.key);
          else rejected.push({ record, code: 'unfit', message: 'does not fit' });
        }
      }
      await admit();
      await this.world.call('file:complete');
      const verdict = this.decide(name);
      if (verdict === 'broken') throw new SluiceError('destination_auth', 'The credentials have ended.');
      if (verdict === 'retry') return { ...later, code: '503' };
      if (verdict !== 'lost_invisible') this.files.set(name, keys);
      await this.world.call('file:completed');
      if (verdict === 'complete') return { status: 'complete', rejected, exchanges };
      return { ...later, status: 'uncertain', code: 'no_answer' };
    } catch (thrown) {
      if (thrown instanceof NotAdmitted) return { ...later, code: 'not_sent' };
      throw thrown;
    }
  }
}
