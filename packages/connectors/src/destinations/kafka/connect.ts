import type { SluiceError } from '@sluice/domain/error';
import type { Kafka, Producer, SASLOptions } from 'kafkajs';
import { abortError, untilAborted } from '../../kit/aborted.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { zstdCodec } from './compression.ts';
import type { KafkaSettings } from './configuration.ts';
import { kafkaError, type Refusal, refusalOf } from './error.ts';
import { guardedSocket } from './guarded-socket.ts';

export interface Topic {
  readonly name: string;
  readonly partitions: readonly number[];
}

/** A cluster as one sync uses it; nothing is open between two calls but producers. */
export interface Cluster {
  /** The topics of the cluster, or those named; internal ones are left out. Throws `egress_refused` and `destination_*`. */
  readTopics(names?: readonly string[]): Promise<Topic[]>;
  /**
   * A producer whose batches the brokers number, so that a batch that is sent again is written once. It sends one batch at
   * a time: a later batch must never take the number of one whose answer was lost. Throws as `readTopics`.
   */
  openProducer(): Promise<Producer>;
  /** What a failure of a producer means. */
  refusalOf(thrown: unknown): Refusal;
}

export function openCluster(settings: KafkaSettings, context: ConnectContext): Cluster {
  const { signal } = context;
  // The client tells in its own words what became of a socket, so the guard's are kept beside it.
  let guarded: SluiceError | null = null;
  const errorOf = (thrown: unknown): SluiceError => {
    const error = kafkaError(thrown, settings);
    return error.code === 'destination_unreachable' ? (guarded ?? error) : error;
  };
  const opened = () =>
    openClient(settings, context, (refused) => {
      guarded = refused;
    });

  const readTopics = async (names?: readonly string[]): Promise<Topic[]> => {
    const admin = (await opened()).admin();
    const read = async () => {
      await admin.connect();
      return admin.fetchTopicMetadata(names ? { topics: [...names] } : undefined);
    };
    const reading = read();
    reading.catch(() => undefined);
    try {
      const { topics } = await untilAborted(reading, signal);
      return topics
        .filter(({ name }) => !name.startsWith('__'))
        .map(({ name, partitions }) => ({ name, partitions: partitions.map((one) => one.partitionId) }))
        .sort((a, b) => a.name.localeCompare(b.name, 'en'));
    } catch (thrown) {
      throw signal.aborted ? abortError(signal) : errorOf(thrown);
    } finally {
      admin.disconnect().catch(() => undefined);
    }
  };

  const openProducer = async (): Promise<Producer> => {
    const producer = (await opened()).producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      // The client takes no less from a producer whose batches are numbered; closing it ends the second try, too.
      retry: { retries: 1, initialRetryTime: 50, maxRetryTime: 100 },
    });
    const connecting = producer.connect();
    connecting.catch(() => undefined);
    try {
      await untilAborted(connecting, signal);
      return producer;
    } catch (thrown) {
      producer.disconnect().catch(() => undefined);
      throw signal.aborted ? abortError(signal) : errorOf(thrown);
    }
  };

  return {
    readTopics,
    openProducer,
    refusalOf(thrown) {
      const refusal = refusalOf(thrown, settings);
      const connection = refusal.kind === 'later' && refusal.code === 'connection_lost';
      return connection && guarded ? { kind: 'fatal', error: guarded } : refusal;
    },
  };
}

/**
 * A client of the cluster. By itself it tries everything once and keeps nothing to send later, so what became of a message
 * is known or in doubt at once.
 */
async function openClient(
  settings: KafkaSettings,
  context: ConnectContext,
  onRefused: (refused: SluiceError) => void,
): Promise<Kafka> {
  // As a whole: the runtime does not see each name of a CommonJS module.
  const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = (await import('kafkajs')).default;
  CompressionCodecs[CompressionTypes.ZSTD] = () => zstdCodec;
  const { connectMs, requestMs } = context.timeouts;
  return new Kafka({
    clientId: context.label.replaceAll(/[^\w.-]/g, '-'),
    brokers: [...settings.brokers],
    // The socket decides what is encrypted; this only says that something is.
    ssl: settings.sslMode === 'disable' ? false : {},
    ...(settings.login && { sasl: settings.login as SASLOptions }),
    socketFactory: (target) => guardedSocket(context.egress, settings, { ...target, onRefused }),
    connectionTimeout: connectMs,
    authenticationTimeout: connectMs,
    requestTimeout: requestMs,
    enforceRequestTimeout: true,
    retry: { retries: 0 },
    // What it has to say comes with its errors.
    logLevel: logLevel.NOTHING,
  });
}
