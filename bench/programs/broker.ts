// A broker that speaks Kafka's protocol. Prints its address, and one where its topic can be looked at.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type KafkaSettings, startKafkaServer } from '@sluice/testing/kafka/kafka-server';
import type { Broker } from '../destinations/servers/kafka.ts';

const settings = JSON.parse(process.argv[2] ?? '{}') as KafkaSettings;
const broker = await startKafkaServer(settings);
const look = createServer((request, response) => {
  const logs = [...broker.topics.values()].flat();
  if (request.method === 'DELETE') for (const { messages } of logs) messages.length = 0;
  const digests = logs.map(({ messages }) => {
    const digest = createHash('sha256');
    // Those of one key keep their order, and batches that are on their way at once do not.
    for (const message of messages.map((one) => JSON.stringify(one)).sort()) digest.update(message);
    return [messages.length, digest.digest('hex')];
  });
  response.end(JSON.stringify(digests));
});
look.listen(0, '127.0.0.1', () => {
  const said: Broker = {
    address: broker.url,
    look: `http://127.0.0.1:${(look.address() as AddressInfo).port}/`,
  };
  process.stdout.write(`${JSON.stringify(said)}\n`);
});
