import { testAuthority } from '@sluice/testing/certificates';
import { type KafkaServer, type KafkaSettings, startKafkaServer } from '@sluice/testing/kafka/kafka-server';
import { kafkaError, type TopicLog } from '@sluice/testing/kafka/topic-log';
import { afterEach, describe, expect, test } from 'vitest';
import { type Delivery, NotAdmitted } from '../../../kit/destination.ts';
import type { Configuration } from '../../../kit/source.ts';
import {
  configurationOf,
  createTestContext,
  deliverOnce,
  freely,
  recordsOf,
  type TestContext,
} from '../../__tests__/destination-context.ts';
import { kafkaDestination } from '../definition.ts';

let close: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const one of close.reverse()) await one();
  close = [];
});

async function start(settings: KafkaSettings = {}): Promise<{ server: KafkaServer; context: TestContext }> {
  const server = await startKafkaServer({ topics: { people: 3 }, ...settings });
  const context = createTestContext([...server.ports, 1]);
  close.push(server.close, context.close);
  return { server, context };
}

async function writerTo(
  { server, context }: { server: KafkaServer; context: TestContext },
  sync: Record<string, unknown> = {},
  changes: Configuration = {},
) {
  const connection = kafkaDestination.open({ brokers: server.url, sslMode: 'disable', ...changes }, context);
  const configuration = configurationOf({
    object: 'people',
    mode: 'mirror',
    matchKey: { from: 'id', to: 'key' },
    mappings: [{ type: 'column', from: 'name', to: 'name' }],
    ...sync,
  });
  const writer = await connection.writer(configuration, { 'sync-slug': 'crm', 'sync-id': 1, 'run-id': 7 });
  close.push(() => writer.close());
  return writer;
}

const rows = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({
    match: from + index,
    row: { id: from + index, name: `n${from + index}` },
    fields: { name: `n${from + index}` },
  }));
const logs = (server: KafkaServer, topic = 'people'): TopicLog[] => server.topics.get(topic) ?? [];
const messages = (server: KafkaServer) => logs(server).flatMap((log) => log.messages);
const keys = (server: KafkaServer) =>
  messages(server)
    .map(({ key }) => Number(key))
    .sort((a, b) => a - b);

describe('messages', () => {
  test('hold the mapped fields, under the key of the row, with what happened to it', async () => {
    const place = await start();
    const writer = await writerTo(place);
    const { outcomes } = await deliverOnce(writer, recordsOf('upsert', rows(1)));
    expect(outcomes).toEqual(['delivered']);
    expect(messages(place.server)).toEqual([
      {
        key: '0',
        value: '{"name":"n0"}',
        headers: {
          'sluice-operation': 'added',
          'sluice-message-id': expect.stringMatching(/^[0-9a-f]{32}$/),
          'sluice-sync': 'crm',
        },
      },
    ]);
  });

  test('are tombstones for rows that left', async () => {
    const place = await start();
    const writer = await writerTo(place);
    await deliverOnce(writer, recordsOf('delete', [{ match: 5, row: { id: 5 } }]));
    expect(messages(place.server)).toMatchObject([
      { key: '5', value: null, headers: { 'sluice-operation': 'removed' } },
    ]);
  });

  test('may have a key of their own making, or none', async () => {
    const place = await start({ topics: { people: 1 } });
    const made = await writerTo(place, { options: { key: '{{ row.name }}/{{ row.id }}' } });
    await deliverOnce(made, recordsOf('upsert', rows(1)));
    const none = await writerTo(place, { mode: 'insert', matchKey: null });
    await deliverOnce(none, recordsOf('create', [{ row: { id: 1 }, fields: { name: 'x' } }]));
    expect(messages(place.server).map(({ key }) => key)).toEqual(['n0/0', null]);
  });

  test('are in the partition where other clients of Kafka would put them', async () => {
    const place = await start({ topics: { people: 6 } });
    const writer = await writerTo(place);
    const named = ['foobar', 'abc', 'user-1', 'user-2', 'user-3'];
    await deliverOnce(
      writer,
      recordsOf(
        'upsert',
        named.map((match) => ({ match, fields: {} })),
      ),
    );
    const found = logs(place.server).flatMap((log, partition) =>
      log.messages.map(({ key }) => [key, partition] as const),
    );
    // murmur2 of Kafka's Java client (`Utils.murmur2` & 0x7fffffff, modulo the partitions), computed apart from ours.
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(named.map((name) => [name, (murmur2(Buffer.from(name)) & 0x7fffffff) % 6])),
    );
    // https://github.com/apache/kafka/blob/trunk/clients/src/test/java/org/apache/kafka/common/utils/UtilsTest.java (2026-11)
    expect([murmur2(Buffer.from('foobar')), murmur2(Buffer.from('21'))]).toEqual([-790332482, -973932308]);
  });

  test.each([
    ['gzip', 1],
    ['zstd', 4],
  ])('are compressed as the sync says: %s', async (compression, number) => {
    const place = await start();
    const writer = await writerTo(place, { options: { compression } });
    await deliverOnce(writer, recordsOf('upsert', rows(50)));
    expect(keys(place.server)).toHaveLength(50);
    for (const { compressions } of logs(place.server)) expect([...compressions]).toEqual([number]);
  });

  test('are shown before they are sent', async () => {
    const writer = await writerTo(await start());
    const [view] = await writer.preview(recordsOf('upsert', rows(2)));
    expect(view).toMatchObject({
      summary: 'Produce 2 messages to people',
      body: 'added 0: {"name":"n0"}\nadded 1: {"name":"n1"}',
    });
  });
});

describe('when something goes wrong', () => {
  test('only the message that is too large is rejected', async () => {
    const place = await start({ messageBytesMax: 20_000 });
    const writer = await writerTo(place);
    const all = rows(60);
    const large = all[17];
    if (large) large.fields.name = 'x'.repeat(30_000);
    const { outcomes } = await deliverOnce(writer, recordsOf('upsert', all));
    expect(
      outcomes.flatMap((outcome, index) => (outcome === 'delivered' ? [] : [`${index} ${outcome}`])),
    ).toEqual(['17 rejected:message_too_large']);
    expect(keys(place.server)).toEqual(all.map((_, index) => index).filter((index) => index !== 17));
  });

  test.each(['cut_after', kafkaError.notEnoughReplicas, 'cut_before'] as const)(
    'a batch is sent again, and written once (%s)',
    async (fault) => {
      const place = await start();
      const writer = await writerTo(place);
      place.server.misbehave(fault, 2);
      expect(new Set((await deliverOnce(writer, recordsOf('upsert', rows(30)))).outcomes)).toEqual(
        new Set(['delivered']),
      );
      expect(keys(place.server)).toEqual(rows(30).map(({ match }) => match));
      expect(place.server.produced).toBeGreaterThan(3);
    },
  );

  test('a batch whose fate stays open is in doubt, and never taken for the next one', async () => {
    const place = await start({ topics: { people: 1 } });
    const writer = await writerTo(place);
    place.server.misbehave('cut_after', 4);
    const { outcomes, results } = await deliverOnce(writer, recordsOf('upsert', rows(5)));
    expect(new Set(outcomes)).toEqual(new Set(['retry:connection_lost']));
    expect(results[0]).toMatchObject({ inDoubt: true });
    // As many messages as the one before: under its numbers the broker would take them for a repetition.
    expect(new Set((await deliverOnce(writer, recordsOf('upsert', rows(5, 100)))).outcomes)).toEqual(
      new Set(['delivered']),
    );
    expect(keys(place.server)).toEqual([0, 1, 2, 3, 4, 100, 101, 102, 103, 104]);
  });

  test.each(['outOfOrder', 'notEnoughReplicas', 'notLeader'] as const)(
    'a batch that was written, and refused (%s) when it was repeated, is in doubt',
    async (code) => {
      const place = await start({ topics: { people: 1 } });
      const writer = await writerTo(place);
      place.server.misbehave('cut_after');
      place.server.misbehave(kafkaError[code], 9);
      const { results } = await deliverOnce(writer, recordsOf('upsert', rows(3)));
      expect(keys(place.server)).toHaveLength(3);
      expect(results).toEqual(results.map(() => expect.objectContaining({ status: 'retry', inDoubt: true })));
    },
  );

  test('a partition that another broker leads now is found', async () => {
    const place = await start({ brokers: 2, topics: { people: 2 } });
    const writer = await writerTo(place);
    await deliverOnce(writer, recordsOf('upsert', rows(10)));
    for (const log of logs(place.server)) log.leader = 1 - log.leader;
    expect(new Set((await deliverOnce(writer, recordsOf('upsert', rows(10, 10)))).outcomes)).toEqual(
      new Set(['delivered']),
    );
    expect(keys(place.server)).toEqual(rows(20).map(({ match }) => match));
  });

  test('what was written before a refusal is told, and the next call stops the run', async () => {
    const place = await start();
    const writer = await writerTo(place);
    await deliverOnce(writer, recordsOf('upsert', rows(1, 900)));
    place.server.misbehave(0, 1);
    place.server.misbehave(kafkaError.topicDenied, 9);
    const { results } = await deliverOnce(writer, recordsOf('upsert', rows(30)));
    const count = (status: string) => results.filter((result) => result.status === status).length;
    expect(count('delivered')).toBeGreaterThan(0);
    expect(count('delivered') + count('retry')).toBe(30);
    await expect(deliverOnce(writer, recordsOf('upsert', rows(30, 50)))).rejects.toMatchObject({
      code: 'destination_permission',
      fix: expect.stringContaining('kafka-acls'),
    });
  });

  test('nothing is sent for a run that has stopped', async () => {
    const place = await start();
    const writer = await writerTo(place);
    const delivery: Delivery = {
      ...freely,
      confirm() {
        throw new NotAdmitted();
      },
    };
    const { results } = await writer.deliver(recordsOf('upsert', rows(3)), delivery);
    expect(results.map((result) => 'code' in result && result.code)).toEqual([
      'not_sent',
      'not_sent',
      'not_sent',
    ]);
    expect(place.server.produced).toBe(0);
  });

  test('a topic that is not there, or a cluster that is not, is said to be that', async () => {
    const place = await start();
    const nowhere = await writerTo(place, { object: 'nowhere' });
    await expect(deliverOnce(nowhere, recordsOf('upsert', rows(1)))).rejects.toMatchObject({
      code: 'destination_object_missing',
    });
    const closed = await writerTo(place, {}, { brokers: '127.0.0.1:1' });
    await expect(deliverOnce(closed, recordsOf('upsert', rows(1)))).rejects.toMatchObject({
      code: 'destination_unreachable',
    });
    const refused = await writerTo(place, {}, { brokers: '127.0.0.1:2' });
    await expect(deliverOnce(refused, recordsOf('upsert', rows(1)))).rejects.toMatchObject({
      code: 'egress_refused',
    });
  });
});

describe('the connection', () => {
  const login = { user: 'sluice', password: 'open sesame' };
  const checked = async (place: { server: KafkaServer; context: TestContext }, changes: Configuration) => {
    const connection = kafkaDestination.open(
      { brokers: place.server.url, sslMode: 'disable', ...changes },
      place.context,
    );
    const results = await Array.fromAsync(connection.check());
    return results.map(({ name, status }) => `${name} ${status}`);
  };

  test.each(['plain', 'scram-sha-256', 'scram-sha-512'])('signs in with %s', async (authentication) => {
    const place = await start({ login });
    const right = { authentication, ...login };
    expect(await checked(place, right)).toEqual(['sign_in passed', 'produce passed']);
    const writer = await writerTo(place, {}, { ...right, password: 'wrong' });
    await expect(deliverOnce(writer, recordsOf('upsert', rows(1)))).rejects.toMatchObject({
      code: 'destination_auth',
    });
  });

  test('is encrypted, and knows its brokers by their certificate', async () => {
    const place = await start({ tls: true });
    expect(await checked(place, { sslMode: 'require' })).toEqual(['sign_in passed', 'produce passed']);
    const verified = { sslMode: 'verify-full', sslCa: testAuthority };
    expect(await checked(place, verified)).toEqual(['sign_in passed', 'produce passed']);
    expect(await checked(place, { sslMode: 'verify-full' })).toEqual(['sign_in failed', 'produce skipped']);
  });

  test('reaches no broker that the guard refuses, whatever the cluster says', async () => {
    const server = await startKafkaServer({ brokers: 2, topics: { people: 2 } });
    const context = createTestContext([server.ports[0] ?? 0]);
    close.push(server.close, context.close);
    const writer = await writerTo({ server, context });
    // The part that the first broker leads may be written; the rest stops the run.
    const refused = async (left: ReturnType<typeof rows>): Promise<unknown> => {
      expect(left).not.toEqual([]);
      const { results } = await deliverOnce(writer, recordsOf('upsert', left));
      return refused(left.filter((_, index) => results[index]?.status === 'retry'));
    };
    await expect(refused(rows(20))).rejects.toMatchObject({ code: 'egress_refused' });
    expect(logs(server)[1]?.messages).toEqual([]);
  });

  test('lists topics, without those of the cluster itself', async () => {
    const { server, context } = await start({ topics: { people: 1, orders: 2, __consumer_offsets: 1 } });
    const connection = kafkaDestination.open({ brokers: server.url, sslMode: 'disable' }, context);
    expect((await connection.listObjects()).map(({ id }) => id)).toEqual(['orders', 'people']);
    await expect(connection.describeObject('people')).resolves.toMatchObject({ openFields: true });
    await expect(connection.describeObject('nowhere')).rejects.toMatchObject({
      code: 'destination_object_missing',
    });
  });
});

/** As in Kafka's Java client. https://github.com/apache/kafka/blob/trunk/clients/src/main/java/org/apache/kafka/common/utils/Utils.java (2026-11) */
function murmur2(bytes: Buffer): number {
  const m = 0x5bd1e995;
  let hash = 0x9747b28c ^ bytes.length;
  const whole = bytes.length - (bytes.length % 4);
  for (let at = 0; at < whole; at += 4) {
    let k = Math.imul(bytes.readInt32LE(at), m);
    k = Math.imul(k ^ (k >>> 24), m);
    hash = Math.imul(hash, m) ^ k;
  }
  for (let rest = bytes.length % 4; rest > 0; rest -= 1) {
    hash ^= (bytes[whole + rest - 1] ?? 0) << (8 * (rest - 1));
    if (rest === 1) hash = Math.imul(hash, m);
  }
  hash = Math.imul(hash ^ (hash >>> 13), m);
  return (hash ^ (hash >>> 15)) | 0;
}
