import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startKafkaServer } from '@sluice/testing/kafka/kafka-server';
import { expect, test } from 'vitest';

const definition = join(import.meta.dirname, '../definition.ts');
const egress = join(import.meta.dirname, '../../../kit/egress.ts');

/** The runtime alone sees fewer names of the client than what runs the tests. */
const program = (address: string) => `
  const { kafkaDestination } = await import(${JSON.stringify(definition)});
  const { createEgress } = await import(${JSON.stringify(egress)});
  const context = {
    signal: new AbortController().signal,
    egress: createEgress({ allow: [${JSON.stringify(address)}], deny: [] }),
    label: 'test', timeouts: { connectMs: 5000, requestMs: 5000 }, sampleDirectory: '',
  };
  const connection = kafkaDestination.open({ brokers: ${JSON.stringify(address)}, sslMode: 'disable' }, context);
  console.log(JSON.stringify(await connection.listObjects()));
  process.exit(0);
`;

test('topics are found without the tools of the tests', async () => {
  const server = await startKafkaServer({ topics: { people: 3 } });
  try {
    const run = ['--input-type=module', '--eval', program(server.url)];
    const { stdout } = await promisify(execFile)(process.execPath, run);
    expect(JSON.parse(stdout)).toMatchObject([{ id: 'people' }]);
  } finally {
    await server.close();
  }
});
