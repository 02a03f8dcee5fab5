// What a destination's writer does with records before and after a request, without the network: by the product, or in a
// bare loop that makes the same bytes.

import { createWriter } from '@sluice/connectors/destinations/http-request/create-writer';
import { copyText, stageBatch } from '@sluice/connectors/destinations/postgresql/stage-batch';
import type { TableColumn } from '@sluice/connectors/destinations/postgresql/table';
import type { ConnectContext } from '@sluice/connectors/kit/context';
import type { DestinationRecord } from '@sluice/connectors/kit/destination';
import { SyncConfiguration } from '@sluice/domain/sync';
import { columns } from '../people.ts';
import { measure, startWatch } from './measure.ts';

interface Input {
  readonly destination: 'http-request' | 'postgresql';
  readonly by: 'hand' | 'writer';
  readonly rows: number;
}

const batchRows = 1_000;
/** Batches are encoded again and again, so that making records is no part of what is measured. */
const distinct = 10;

await measure(async ({ destination, by, rows }: Input) => {
  const batches = Array.from({ length: distinct }, (_, number) => batchOf(number * batchRows));
  const encode = destination === 'http-request' ? httpRequest(by) : postgresql(by);
  const pass = async (count: number): Promise<void> => {
    for (let number = 0; number < count; number += 1) await encode(batches[number % distinct] ?? []);
  };
  // Warm: a worker is.
  await pass(5 * distinct);
  const watch = startWatch();
  await pass(Math.ceil(rows / batchRows));
  return watch();
});

type Encode = (batch: readonly DestinationRecord[]) => unknown;

function httpRequest(by: Input['by']): Encode {
  if (by === 'hand') return (batch) => Buffer.from(JSON.stringify({ rows: batch.map(({ row }) => row) }));
  const answer = { status: 200, headers: {}, body: '{"ok":true}', incomplete: false };
  const context: ConnectContext = {
    signal: new AbortController().signal,
    egress: { resolve: () => Promise.reject(new Error('unused')), request: async () => answer },
    label: 'bench',
    timeouts: { connectMs: 1_000, requestMs: 1_000 },
    sampleDirectory: '',
  };
  const configuration = SyncConfiguration.parse({
    object: 'request',
    mode: 'trigger',
    triggers: ['added'],
    options: { added: { method: 'POST', url: '/people' }, batchSize: batchRows, concurrency: 1 },
  });
  const writer = createWriter(
    context,
    { baseUrl: new URL('http://127.0.0.1'), headers: [] },
    configuration,
    {},
  );
  const delivery = { signal: context.signal, idempotencyKey: 'bench', admit: async () => undefined };
  return (batch) => writer.deliver(batch, delivery);
}

function postgresql(by: Input['by']): Encode {
  if (by === 'hand') {
    return (batch) => {
      let text = '';
      for (const { seq, matchValue, fields } of batch) {
        text += `${seq}\t${matchValue}`;
        for (const name in fields) text += `\t${fields[name] ?? '\\N'}`;
        text += '\n';
      }
      return Buffer.from(text);
    };
  }
  const byName = new Map(columns.map((name) => [name, columnOf(name)]));
  const match = byName.get('id') ?? null;
  const table = {
    schema: 'public',
    name: 'people',
    columns: [...byName.values()],
    hasRules: false,
    may: { select: true, insert: true, update: true, delete: true },
  };
  return (batch) => {
    const [group] = stageBatch({ table, byName, match, cleared: [] }, batch, []);
    return group && Buffer.from(copyText(group, new Set()));
  };
}

function columnOf(name: string): TableColumn {
  return {
    name,
    nativeType: 'text',
    castType: 'text',
    shape: 'scalar',
    category: 'S',
    notNull: false,
    hasDefault: false,
    generated: false,
    unique: name === 'id',
  };
}

function batchOf(from: number): DestinationRecord[] {
  return Array.from({ length: batchRows }, (_, place) => {
    const id = from + place + 1;
    const fields = {
      email: `person.${id}.0123456789@example.com`,
      first_name: `First ${id}0123456789abcdef0123456789`,
      last_name: `Last ${id}0123456789abcdef0123456789`,
      company: 'Company number 17 Ltd.',
      city: 'City 17',
      plan: 'business',
      amount: id / 8,
      active: true,
      updated_at: '2026-01-01T00:00:00Z',
    };
    const row = { id, ...fields };
    return { seq: id, key: `${id}`, class: 'added', operation: 'upsert', matchValue: id, fields, row };
  });
}
