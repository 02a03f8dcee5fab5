import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { localCertificate } from '../certificates.ts';
import { createScram } from './scram.ts';
import { kafkaError, TopicLog } from './topic-log.ts';
import { data, int8, int16, int32, int64, list, Reader, string } from './wire.ts';

/** What goes wrong with a produce request: a code of Kafka, a connection that breaks, or no answer before or after the work. */
export type KafkaFault = number | 'cut_before' | 'cut_after' | 'silent' | 'silent_after';

export interface KafkaServer {
  /** Address of the first broker: `127.0.0.1:port`. */
  readonly url: string;
  readonly port: number;
  readonly ports: readonly number[];
  /** Partitions by topic. */
  readonly topics: Map<string, TopicLog[]>;
  /** Produce requests that came. */
  produced: number;
  /** The next `count` produce requests go wrong. */
  misbehave(fault: KafkaFault, count?: number): void;
  /** Nothing goes wrong any more. */
  behave(): void;
  /** Breaks every connection that is open. */
  breakAll(): void;
  close(): Promise<void>;
}

export interface KafkaSettings {
  /** Topic → number of partitions. */
  readonly topics?: Readonly<Record<string, number>>;
  readonly brokers?: number;
  readonly tls?: boolean;
  readonly messageBytesMax?: number;
  readonly login?: { readonly user: string; readonly password: string };
}

const apis = {
  produce: 0,
  metadata: 3,
  saslHandshake: 17,
  apiVersions: 18,
  initProducerId: 22,
  saslAuthenticate: 36,
};
/** One version of each, so that there is one form to read. */
const versions: readonly (readonly [key: number, min: number, max: number])[] = [
  [apis.produce, 7, 7],
  [apis.metadata, 4, 4],
  [apis.saslHandshake, 1, 1],
  [apis.apiVersions, 0, 2],
  [apis.initProducerId, 0, 0],
  [apis.saslAuthenticate, 0, 0],
];

/**
 * Brokers that speak Kafka's protocol as far as a producer needs it: they check sums and sequences of batches, know
 * repetitions, hold messages to their largest size, and refuse partitions that another broker leads.
 * https://kafka.apache.org/protocol (2026-11)
 */
export async function startKafkaServer(settings: KafkaSettings = {}): Promise<KafkaServer> {
  const { brokers = 1, tls = false, messageBytesMax = 1_048_588, login } = settings;
  const topics = new Map(
    Object.entries(settings.topics ?? { people: 1 }).map(([name, count]) => [
      name,
      Array.from({ length: count }, (_, index) => Object.assign(new TopicLog(), { leader: index % brokers })),
    ]),
  );
  const sockets = new Set<Socket>();
  const servers: Server[] = [];
  const ports: number[] = [];
  const faults: { fault: KafkaFault; left: number }[] = [];
  let producers = 0;
  const self = {
    topics,
    produced: 0,
    misbehave(fault: KafkaFault, count = 1) {
      faults.push({ fault, left: count });
    },
    behave() {
      faults.length = 0;
    },
    breakAll() {
      for (const socket of sockets) socket.destroy();
    },
  };

  const metadata = (asked: (string | null)[] | null): Buffer => {
    const names = asked === null ? [...topics.keys()] : asked.map(String);
    const partition = ({ leader }: TopicLog, index: number): Buffer =>
      Buffer.concat([int16(0), int32(index), int32(leader), list([leader], int32), list([leader], int32)]);
    return Buffer.concat([
      int32(0),
      list(ports, (port) =>
        Buffer.concat([int32(ports.indexOf(port)), string('127.0.0.1'), int32(port), string(null)]),
      ),
      string('test-cluster'),
      int32(0),
      list(names, (name) => {
        const logs = topics.get(name);
        return Buffer.concat([
          int16(logs ? kafkaError.none : kafkaError.unknownTopic),
          string(name),
          int8(name.startsWith('__') ? 1 : 0),
          int32(logs?.length ?? 0),
          ...(logs ?? []).map(partition),
        ]);
      }),
    ]);
  };

  const produce = (broker: number, reader: Reader, forced: number | null): Buffer => {
    reader.string();
    const acks = reader.int16();
    reader.int32();
    const answers = reader.list(() => ({
      name: reader.string() ?? '',
      partitions:
        reader.list(() => ({ index: reader.int32(), bytes: reader.data() ?? Buffer.alloc(0) })) ?? [],
    }));
    const codeOf = (name: string, index: number, bytes: Buffer): number => {
      const log = topics.get(name)?.[index];
      if (!log) return kafkaError.unknownTopic;
      if (log.leader !== broker) return kafkaError.notLeader;
      if (acks !== -1) return kafkaError.corrupt;
      return forced ?? log.append(bytes, messageBytesMax);
    };
    return Buffer.concat([
      list(answers ?? [], ({ name, partitions }) =>
        Buffer.concat([
          string(name),
          list(partitions, ({ index, bytes }) =>
            Buffer.concat([int32(index), int16(codeOf(name, index, bytes)), int64(0), int64(-1), int64(0)]),
          ),
        ]),
      ),
      int32(0),
    ]);
  };

  const converse = (socket: Socket, broker: number): void => {
    let signedIn = login === undefined;
    let speak: ((message: string) => string | null) | null = null;
    let held = Buffer.alloc(0);
    /** The body of the answer; `null` breaks the connection, `silence` is none. */
    const answer = (key: number, version: number, reader: Reader): Buffer | null | 'silence' => {
      const open = key === apis.apiVersions || key === apis.saslHandshake || key === apis.saslAuthenticate;
      if (!signedIn && !open) return null;
      switch (key) {
        case apis.apiVersions: {
          const known = list(versions, (one) => Buffer.concat(one.map(int16)));
          return Buffer.concat([int16(0), known, ...(version > 0 ? [int32(0)] : [])]);
        }
        case apis.saslHandshake: {
          const mechanism = reader.string() ?? '';
          speak = login ? speakerOf(mechanism, login) : null;
          const offered = list(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'], string);
          return Buffer.concat([int16(speak ? 0 : kafkaError.unsupportedMechanism), offered]);
        }
        case apis.saslAuthenticate: {
          const said = speak?.(reader.data()?.toString('utf8') ?? '') ?? null;
          signedIn ||= said === '' || said?.startsWith('v=') === true;
          const refusal = said === null ? 'Authentication failed' : null;
          const code = int16(refusal === null ? 0 : kafkaError.saslFailed);
          return Buffer.concat([code, string(refusal), data(Buffer.from(said ?? ''))]);
        }
        case apis.metadata:
          return metadata(reader.list(() => reader.string()));
        case apis.initProducerId:
          producers += 1;
          return Buffer.concat([int32(0), int16(0), int64(producers), int16(0)]);
        case apis.produce: {
          self.produced += 1;
          const fault = faults.find(({ left }) => left > 0);
          if (fault) fault.left -= 1;
          if (fault?.fault === 'cut_before') return null;
          if (fault?.fault === 'silent') return 'silence';
          const body = produce(broker, reader, typeof fault?.fault === 'number' ? fault.fault : null);
          if (fault?.fault === 'silent_after') return 'silence';
          return fault?.fault === 'cut_after' ? null : body;
        }
        default:
          return null;
      }
    };
    const hear = (request: Buffer): void => {
      const reader = new Reader(request);
      const [key, version, correlation] = [reader.int16(), reader.int16(), reader.int32()];
      reader.string();
      const body = answer(key, version, reader);
      if (body === null) socket.destroy();
      else if (body !== 'silence') socket.write(data(Buffer.concat([int32(correlation), body])));
    };
    socket.on('data', (bytes) => {
      held = Buffer.concat([held, bytes]);
      while (held.length >= 4 && held.length >= 4 + held.readInt32BE(0)) {
        const size = held.readInt32BE(0);
        const request = held.subarray(4, 4 + size);
        held = held.subarray(4 + size);
        hear(request);
      }
    });
  };

  for (let broker = 0; broker < brokers; broker += 1) {
    const onSocket = (socket: Socket): void => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      socket.on('error', () => undefined);
      converse(socket, broker);
    };
    const server = tls
      ? createTlsServer(localCertificate, onSocket)
      : createServer({ noDelay: true }, onSocket);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push(server);
    ports.push((server.address() as AddressInfo).port);
  }
  return Object.assign(self, {
    url: `127.0.0.1:${ports[0]}`,
    port: ports[0] ?? 0,
    ports,
    async close() {
      self.breakAll();
      for (const server of servers) server.close();
    },
  });
}

/** The server's side of a way to sign in: what it says to each message, `null` = no. */
function speakerOf(
  mechanism: string,
  { user, password }: NonNullable<KafkaSettings['login']>,
): ((message: string) => string | null) | null {
  if (mechanism === 'SCRAM-SHA-256') return createScram('sha256', user, password);
  if (mechanism === 'SCRAM-SHA-512') return createScram('sha512', user, password);
  if (mechanism !== 'PLAIN') return null;
  return (message) => (message.endsWith(`\0${user}\0${password}`) ? '' : null);
}
