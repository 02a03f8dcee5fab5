import { operationsOf } from '@sluice/domain/sync-mode';
import { until } from '@sluice/testing/until';
import type { VendorServer } from '@sluice/testing/vendors/vendor-server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  configurationOf,
  createTestContext,
  recordsOf,
  type TestContext,
} from '../destinations/__tests__/destination-context.ts';
import { exampleCase } from '../examples/destination/__tests__/api-case.ts';
import { exampleDestination } from '../examples/destination/definition.ts';
import type { BatchResult, Delivery, DestinationDefinition, DestinationWriter } from '../kit/destination.ts';
import { destinationDefinitions } from '../registry.ts';
import type { ApiCase } from './api-case.ts';
import { apiCases } from './api-cases.ts';

// The example, from which new destinations are made, has to pass as well; it is not offered to anybody.
const cases: [string, ApiCase][] = [...Object.entries(apiCases), ['example', exampleCase]];
const definitions: Readonly<Record<string, DestinationDefinition>> = {
  ...destinationDefinitions,
  example: exampleDestination,
};

describe.each(cases)('API destination %s', (slug, one) => {
  const definition = definitions[slug];
  if (!definition) throw new Error(`${slug} is not registered`);
  const configuration = configurationOf(one.sync);
  const operation = operationsOf(configuration).added ?? 'upsert';
  let vendor: VendorServer<unknown>;
  let context: TestContext;
  let admitted = 0;

  beforeEach(async () => {
    vendor = await one.start();
    context = createTestContext([vendor.port], { timeouts: { connectMs: 500, requestMs: 400 } });
    admitted = 0;
  });
  afterEach(async () => {
    await context.close();
    await vendor.close();
    // Whatever happened, everything that was sent is something the vendor describes.
    expect(vendor.violations).toEqual([]);
  });

  const open = (values = one.working(vendor.url)): Promise<DestinationWriter> =>
    definition.open(values, context).writer(configuration, { 'sync-id': 1, 'run-id': 1 });
  /** Counts what was admitted. */
  const delivery = (signal = new AbortController().signal): Delivery => ({
    signal,
    idempotencyKey: 'conformance-1',
    admit: () => {
      admitted += 1;
      return Promise.resolve();
    },
  });
  const records = (count: number) =>
    recordsOf(
      operation,
      Array.from({ length: count }, (_, index) => ({ key: String(index + 1), ...one.record(index + 1) })),
    );
  const batchOf = (writer: DestinationWriter, most = 3) =>
    records(Math.min(most, writer.limits.batchRowsMax));
  const statuses = ({ results }: BatchResult): string[] => [...new Set(results.map(({ status }) => status))];

  test('delivers, asks before each request, and shows no secret', async () => {
    const writer = await open();
    const before = vendor.requests.length;
    const batch = batchOf(writer);
    const result = await writer.deliver(batch, delivery());
    expect(statuses(result)).toEqual(['delivered']);
    expect(admitted).toBe(vendor.requests.length - before);
    expect(result.exchanges).toHaveLength(vendor.requests.length - before);
    expect(one.held(vendor.state)).toBe(batch.length);
    const shown = JSON.stringify([result.exchanges, await writer.preview(batch)]);
    for (const { name, secret } of definition.fields) {
      const value = secret ? one.working(vendor.url)[name] : undefined;
      if (typeof value === 'string') expect(shown).not.toContain(value);
    }
  });

  test('previews what it would send, and sends nothing', async () => {
    const writer = await open();
    const before = vendor.requests.length;
    expect((await writer.preview(batchOf(writer))).length).toBeGreaterThan(0);
    expect(vendor.requests.length).toBe(before);
  });

  test.each(['throttled', 'throttled_briefly', 'unavailable'] as const)(
    '%s: every row is sent again, and nothing was applied',
    async (fault) => {
      const writer = await open();
      vendor.misbehave(fault);
      const batch = batchOf(writer);
      const result = await writer.deliver(batch, delivery());
      expect(statuses(result)).toEqual(['retry']);
      expect(result.results.every((row) => row.status === 'retry' && !row.inDoubt)).toBe(true);
      const pauses = result.results.map((row) => (row.status === 'retry' ? (row.afterMs ?? null) : null));
      if (fault === 'throttled_briefly') expect(pauses.every((pause) => pause === 1000)).toBe(true);
      expect(one.held(vendor.state)).toBe(0);
      expect(statuses(await writer.deliver(batch, delivery()))).toEqual(['delivered']);
      expect(one.held(vendor.state)).toBe(batch.length);
    },
  );

  test.each(['reset', 'cut', 'broken'] as const)(
    '%s after the work was done: the rows are in doubt, and sending them again does no harm',
    async (fault) => {
      const writer = await open();
      vendor.misbehave(fault);
      const batch = batchOf(writer);
      const { results } = await writer.deliver(batch, delivery());
      const doubted = results.map(
        (row) => row.status === 'uncertain' || (row.status === 'retry' && row.inDoubt === true),
      );
      // Of several requests only the first met the fault; what was behind it is left to be sent again.
      expect(doubted[0]).toBe(true);
      expect(results.every(({ status }) => status === 'uncertain' || status === 'retry')).toBe(true);
      expect(statuses(await writer.deliver(batch, delivery()))).toEqual(['delivered']);
      const held = one.held(vendor.state);
      if (definition.cannotTellRepeat) expect(held).toBeGreaterThanOrEqual(batch.length);
      else expect(held).toBe(batch.length);
    },
  );

  test.each(['html', 'silent'] as const)('%s instead of an answer proves nothing', async (fault) => {
    const writer = await open();
    vendor.misbehave(fault);
    const { results } = await writer.deliver(batchOf(writer), delivery());
    expect(results[0]?.status).toBe('uncertain');
    expect(results.some(({ status }) => status === 'delivered')).toBe(false);
  });

  test('credentials that are refused stop the run, after one request', async () => {
    const writer = await open(one.wrongCredentials(vendor.url)).catch(
      (error: { code: string }) => error.code,
    );
    if (typeof writer === 'string') return expect(writer).toBe('destination_auth');
    const before = vendor.requests.length;
    const both = [writer.deliver(batchOf(writer), delivery()), writer.deliver(batchOf(writer), delivery())];
    for (const sent of await Promise.allSettled(both)) {
      expect(sent).toMatchObject({ status: 'rejected', reason: { code: 'destination_auth' } });
    }
    expect(vendor.requests.length - before).toBe(1);
    expect(one.held(vendor.state)).toBe(0);
  });

  test('a row that the vendor refuses stands alone', async () => {
    if (!one.poison) return;
    const writer = await open();
    const size = Math.min(8, writer.limits.batchRowsMax);
    const good = records(size).slice(0, Math.max(0, size - 1));
    const [bad] = recordsOf(operation, [{ key: 'poison', ...one.poison }]);
    if (!bad) throw new Error('no poisoned record');
    const batch = [...good.slice(0, 2), bad, ...good.slice(2)];
    const { results } = await writer.deliver(batch, delivery());
    const guilty = batch.indexOf(bad);
    expect(results.map(({ status }) => status)).toEqual(
      batch.map((_, index) => (index === guilty ? 'rejected' : 'delivered')),
    );
    expect(results[guilty]).toMatchObject({ code: expect.stringMatching(/^[a-z0-9_]+$/) });
    expect((results[guilty] as { message: string }).message.length).toBeGreaterThan(5);
    expect(one.held(vendor.state)).toBe(good.length);
  });

  test('an abort ends the wait, and leaves the rows in doubt', async () => {
    const writer = await open();
    vendor.misbehave('silent');
    const abort = new AbortController();
    const before = vendor.requests.length;
    const sending = writer.deliver(batchOf(writer), delivery(abort.signal));
    await until('a request', () => vendor.requests.length > before);
    abort.abort();
    const { results } = await sending;
    expect(['uncertain', 'retry']).toContain(results[0]?.status);
  });

  test('says what it checks, and passes', async () => {
    const results = await Array.fromAsync(definition.open(one.working(vendor.url), context).check());
    expect(results.map(({ name }) => name)).toEqual(definition.checks.map(({ name }) => name));
    for (const { status } of results) expect(['passed', 'warning']).toContain(status);
    const wrong = await Array.fromAsync(definition.open(one.wrongCredentials(vendor.url), context).check());
    expect(wrong.some(({ status }) => status === 'failed')).toBe(true);
  });

  test('every object that is listed can be described, offers modes, and has a line in the documentation', async () => {
    const connection = definition.open(one.working(vendor.url), context);
    const objects = await connection.listObjects();
    expect(objects.length).toBeGreaterThan(0);
    const documented = new Set(definition.writes.flatMap(({ modes }) => modes));
    for (const { id } of objects) {
      const detail = await connection.describeObject(id);
      expect(detail.modes.length, id).toBeGreaterThan(0);
      for (const mode of detail.modes) expect(documented, `${id} ${mode}`).toContain(mode);
      expect(new Set(detail.fields.map(({ name }) => name)).size, id).toBe(detail.fields.length);
    }
    await expect(connection.describeObject('no such object')).rejects.toMatchObject({
      code: 'destination_object_missing',
    });
  });
});
