import type { SyncConfiguration } from '@sluice/domain/sync';
import type { Redis } from 'ioredis';
import {
  type BatchResult,
  type Delivery,
  type DestinationRecord,
  type DestinationWriter,
  NotAdmitted,
  type RecordResult,
} from '../../kit/destination.ts';
import { RowRejected } from '../../kit/http/route.ts';
import { type Command, compileCommands } from './commands.ts';
import type { RedisSettings } from './configuration.ts';
import { errorWord, isFatal, redisError, resultOf } from './error.ts';
import { exchangeOf, requestView } from './request-view.ts';

/**
 * Writes records in pipelines: the commands of a batch leave together, and each has an answer of its own. A record is
 * delivered when all its commands were carried out; they may be repeated. A connection that broke is opened anew for the
 * next batch.
 */
export function createWriter(
  settings: RedisSettings,
  connect: () => Promise<Redis>,
  sync: SyncConfiguration,
): DestinationWriter {
  const commandsOf = compileCommands(sync);
  const idle: Redis[] = [];

  const send = async (
    commands: readonly Command[],
    { signal, confirm }: Pick<Delivery, 'signal' | 'confirm'>,
  ): Promise<readonly (Error | null)[]> => {
    const client = idle.pop() ?? (await connect());
    let silent = false;
    const cut = () => client.disconnect();
    const pipeline = client.pipeline();
    for (const [name, ...parts] of commands) pipeline.call(name, ...parts);
    signal.addEventListener('abort', cut, { once: true });
    try {
      confirm?.();
      const answers = await pipeline.exec();
      const errors = commands.map((_, index) => (answers?.[index] ?? [new Error('no answer')])[0]);
      // What the server did not answer in time it may answer later, or never: nothing more is sent that way.
      silent = errors.some((error) => error !== null && errorWord(error) === '');
      return errors;
    } catch (thrown) {
      if (thrown instanceof NotAdmitted) throw thrown;
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      return commands.map(() => error);
    } finally {
      signal.removeEventListener('abort', cut);
      if (client.status === 'ready' && !silent) idle.push(client);
      else client.disconnect();
    }
  };

  const deliver = async (batch: readonly DestinationRecord[], delivery: Delivery): Promise<BatchResult> => {
    const compiled = batch.map((record) => compile(record, commandsOf));
    const commands = compiled.flatMap((one) => ('commands' in one ? one.commands : []));
    if (commands.length === 0) return { results: compiled.map(withoutAnswer), exchanges: [] };
    await delivery.admit();
    const startedAt = new Date();
    const errors = await send(commands, delivery);
    const fatal = errors.find((error) => error !== null && isFatal(error));
    if (fatal && errors.every((error) => error !== null)) throw redisError(fatal, settings);
    let at = 0;
    const results = compiled.map((one): RecordResult => {
      if (!('commands' in one)) return one.result;
      const own = errors.slice(at, at + one.commands.length);
      at += one.commands.length;
      const failed = own.find((error) => error !== null);
      return failed ? resultOf(failed) : { status: 'delivered' };
    });
    return { results, exchanges: [exchangeOf(commands, errors, startedAt)] };
  };

  return {
    limits: { batchRowsMax: 1_000, concurrency: 4, requests: [] },
    mixedBatches: true,
    deliver,
    preview: async (batch) => [requestView(batch.flatMap(commandsOf))],
    async close() {
      for (const client of idle.splice(0)) client.disconnect();
    },
  };
}

type Compiled = { readonly commands: readonly Command[] } | { readonly result: RecordResult };

function compile(
  record: DestinationRecord,
  commandsOf: (record: DestinationRecord) => readonly Command[],
): Compiled {
  try {
    return { commands: commandsOf(record) };
  } catch (thrown) {
    if (!(thrown instanceof RowRejected)) throw thrown;
    return { result: { status: 'rejected', code: thrown.code, message: thrown.message } };
  }
}

/** A record that asks for nothing is as it should be. */
const withoutAnswer = (one: Compiled): RecordResult =>
  'result' in one ? one.result : { status: 'delivered' };
