import type {
  Delivery,
  DestinationConnection,
  DestinationRecord,
  DestinationWriter,
} from '@sluice/connectors/kit/destination';
import type { FileBatch } from '@sluice/connectors/kit/file-batch';
import type { Payload } from '@sluice/connectors/kit/payload';
import type { ChangeClass } from '@sluice/domain/change';
import { expect } from 'vitest';
import { nameOf } from './place.ts';

/** Rows of one request: few, so that a run has several. */
const rowsMax = 5;

/** Watches what a destination is asked, so that its answers can be held against what it has. */
export class Watch {
  /** Rows whose fate was open at least once: what is sent again of them may be there twice. */
  readonly doubted = new Set<string>();
  private readonly open = new Set<Promise<unknown>>();
  /** Rows of requests whose answer nobody has taken down yet. */
  private readonly underway = new Map<number, string>();
  private concurrency = 1;
  private readonly call: (name: string) => Promise<void>;

  /** `call` is told of every request before it leaves, and throws where the worker dies there. */
  constructor(call: (name: string) => Promise<void>) {
    this.call = call;
  }

  connection(real: DestinationConnection): DestinationConnection {
    const writer: DestinationConnection['writer'] = async (sync, variables) =>
      this.writer(await real.writer(sync, variables));
    return new Proxy(real, {
      get: (target, name) => (name === 'writer' ? writer : Reflect.get(target, name, target)),
    });
  }

  /** A worker begins. */
  begins(): void {
    this.underway.clear();
  }

  /** The worker has died; `settled` says which rows it had taken down before. No request of it can arrive any more. */
  async died(settled: (seq: number) => boolean): Promise<void> {
    await Promise.allSettled(this.open);
    const lost = [...this.underway].filter(([seq]) => !settled(seq));
    expect(lost.length).toBeLessThanOrEqual(this.concurrency * rowsMax);
    for (const [, name] of lost) this.doubted.add(name);
  }

  private writer(real: DestinationWriter): DestinationWriter {
    const { files, payloads } = real;
    this.concurrency = real.limits.concurrency;
    const limits = { ...real.limits, batchRowsMax: Math.min(rowsMax, real.limits.batchRowsMax) };
    return {
      ...real,
      limits,
      deliver: (batch, delivery) =>
        this.watched(batch, async () => {
          const answer = await real.deliver(batch, this.mortal(delivery));
          for (const [index, result] of answer.results.entries()) {
            const record = batch[index];
            const open = result.status === 'uncertain' || (result.status === 'retry' && result.inDoubt);
            if (open && record) this.doubted.add(called(record));
          }
          return answer;
        }),
      ...(payloads && {
        payloads: {
          format: (name: ChangeClass) => {
            const format = payloads.format(name);
            return format && { ...format, rowsMax };
          },
          deliver: (payload: Payload, delivery: Delivery) =>
            this.watched([], () => payloads.deliver(payload, this.mortal(delivery))),
        },
      }),
      ...(files && {
        files: {
          rowsMax,
          write: async (file: FileBatch, delivery: Delivery) => {
            const rows: DestinationRecord[] = [];
            for await (const records of file.rows()) rows.push(...records);
            return this.watched(rows, async () => {
              const answer = await files.write(file, this.mortal(delivery));
              const open =
                answer.status === 'uncertain' || (answer.status === 'retry' && answer.inDoubt === true);
              if (open) for (const row of rows) this.doubted.add(called(row));
              return answer;
            });
          },
        },
      }),
    };
  }

  private async watched<T>(rows: readonly DestinationRecord[], work: () => Promise<T>): Promise<T> {
    for (const row of rows) this.underway.set(row.seq, called(row));
    const sending = work();
    this.open.add(sending);
    try {
      return await sending;
    } finally {
      this.open.delete(sending);
    }
  }

  /** The worker may die before each request. */
  private mortal(delivery: Delivery): Delivery {
    return {
      ...delivery,
      admit: async () => {
        await this.call('admit');
        await delivery.admit();
      },
    };
  }
}

const called = ({ key, fields, class: name }: DestinationRecord): string =>
  nameOf(key, name === 'removed' ? null : fields.version);
