import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckResult } from '@sluice/domain/connector';
import { operationsOf } from '@sluice/domain/sync-mode';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  configurationOf,
  freely,
  recordsOf,
  type TestContext,
} from '../destinations/__tests__/destination-context.ts';
import type { ConnectContext } from '../kit/context.ts';
import type { DestinationConnection, DestinationDefinition } from '../kit/destination.ts';
import { NotAdmitted } from '../kit/destination.ts';
import type { Configuration, SourceDefinition } from '../kit/source.ts';
import { destinationDefinitions, sourceDefinitions } from '../registry.ts';
import { type ConnectorCase, destinationCases, type Places, sourceCases } from './connector-cases.ts';
import { type OpenPlaces, openPlaces } from './places.ts';

const docs = join(import.meta.dirname, '../../../../docs');

let open: OpenPlaces;
let places: Places;
let context: TestContext;

beforeAll(async () => {
  open = await openPlaces();
  ({ places, context } = open);
});
afterAll(() => open.close());

const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { code?: string; name?: string }) => error.code ?? error.name ?? 'unknown',
  );

type Definition = SourceDefinition | DestinationDefinition;
/** Those whose service runs here. */
const present = <D extends Definition>(
  definitions: Readonly<Record<string, D>>,
  cases: Record<string, ConnectorCase>,
): [string, D][] => Object.entries(definitions).filter(([slug]) => cases[slug]?.absent === undefined);
const listed = (definitions: Readonly<Record<string, Definition>>) => Object.values(definitions);

describe.each([
  ['sources', sourceDefinitions as Readonly<Record<string, Definition>>, sourceCases],
  ['destinations', destinationDefinitions as Readonly<Record<string, Definition>>, destinationCases],
])('%s', (kind, definitions, cases) => {
  test('are registered under their slugs, each with a case here', () => {
    for (const [slug, definition] of Object.entries(definitions)) {
      expect(definition.slug).toBe(slug);
      expect(slug).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(cases, `no conformance case for ${slug}`).toHaveProperty([slug]);
    }
    expect(Object.keys(cases).sort()).toEqual(Object.keys(definitions).sort());
  });

  describe.each(listed(definitions).map((definition) => [definition.slug, definition] as const))(
    '%s',
    (slug, definition) => {
      const one = cases[slug] as ConnectorCase;
      const live = test.skipIf(one.absent !== undefined);
      const check = (configuration: Configuration, overrides: Partial<ConnectContext> = {}) =>
        Array.fromAsync<CheckResult>(definition.open(configuration, { ...context, ...overrides }).check());

      test('has a name, a description, an icon and a page', () => {
        expect(definition.name.length).toBeGreaterThan(2);
        expect(definition.description).toMatch(/\.$/);
        expect(definition.icon).toMatch(/^<svg [^>]*viewBox="0 0 24 24"[\s\S]*<\/svg>$/);
        expect(definition.icon).not.toMatch(/<script|\son\w+=|href|url\(/i);
        expect(definition.icon.length).toBeLessThan(2_000);
        const page = join(docs, definition.docsUrl.replace(/^\/docs\//, '').concat('.md'));
        expect(existsSync(page), page).toBe(true);
        const text = readFileSync(page, 'utf8');
        expect(text).toMatch(/^# /);
        for (const { label } of definition.fields)
          expect(text.toLowerCase(), `${kind} page names "${label}"`).toContain(label.toLowerCase());
      });

      test('explains each field, and guards its secrets', () => {
        const names = definition.fields.map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
        for (const field of definition.fields) {
          expect(field.label, field.name).toMatch(/^[A-Z]/);
          expect(field.help, field.name).toMatch(/\.$/);
          expect(field.kind === 'select', field.name).toBe(field.options !== undefined);
          if (field.kind === 'password') expect(field.secret, field.name).toBe(true);
          if (field.visibleWhen) expect(names).toContain(field.visibleWhen.field);
        }
        const secret = definition.fields.some(({ secret, kind }) => secret || kind === 'headers');
        expect(definition.fields.some(({ guardsSecrets }) => guardsSecrets)).toBe(secret);
      });

      test('names its checks', () => {
        expect(definition.checks.length).toBeGreaterThan(0);
        for (const { name, label } of definition.checks) expect(`${name} ${label}`).toMatch(/^[a-z_]+ [A-Z]/);
      });

      live('passes its checks when all is well', async () => {
        const results = await check(one.working(places));
        expect(results.map(({ name }) => name)).toEqual(definition.checks.map(({ name }) => name));
        for (const { status, message } of results) {
          expect(['passed', 'warning']).toContain(status);
          expect(message).toBeTruthy();
        }
      });

      live('stops checking after the first failure and says what to do', async () => {
        const configuration = one.at(places, places.closedPort);
        if (configuration === null) return;
        const results = await check(configuration);
        const failed = results.findIndex(({ status }) => status === 'failed');
        expect(failed).toBeGreaterThanOrEqual(0);
        expect(results[failed]?.fix).toBeTruthy();
        expect(results.slice(failed + 1).every(({ status }) => status === 'skipped')).toBe(true);
        expect(results).toHaveLength(definition.checks.length);
      });

      live('lets go within two seconds of an abort', async () => {
        const configuration = one.at(places, places.silentPort) ?? one.working(places);
        const abort = new AbortController();
        const patient = { connectMs: 60_000, requestMs: 60_000 };
        const running = outcome(check(configuration, { signal: abort.signal, timeouts: patient }));
        await new Promise((resolve) => setImmediate(resolve));
        const startedAt = performance.now();
        abort.abort(Object.assign(new Error('left'), { code: 'left' }));
        expect(await running).toBe('left');
        expect(performance.now() - startedAt).toBeLessThan(2_000);
      });

      test('closes more than once', async () => {
        const connection = definition.open(one.working(places), context);
        await connection.close();
        await connection.close();
      });
    },
  );
});

describe.each(present(sourceDefinitions, sourceCases))('source %s', (slug, definition) => {
  const one = sourceCases[slug] as ConnectorCase;
  const query = { queryType: 'raw_sql' as const, sql: 'select 1 as id' };

  test('plans by itself where it says that it can and is asked to, and nowhere else', () => {
    const can = definition.capabilities.planner === true;
    const plans = (planner: string) =>
      definition.open({ ...one.working(places), planner }, context).planner !== undefined;
    expect([plans('warehouse'), plans('local')]).toEqual([can, false]);
    expect(definition.fields.some(({ name }) => name === 'planner')).toBe(can);
    expect(definition.checks.some(({ name }) => name === 'planner')).toBe(can);
  });

  test('wrong credentials are said to be that', async () => {
    const configuration = one.wrongCredentials(places);
    if (configuration === null) return;
    const source = definition.open(configuration, context);
    expect(await outcome(source.introspect())).toBe('source_auth');
    expect(await outcome(source.describe(query))).toBe('source_auth');
  });

  test('a server that is not there is said to be that', async () => {
    const configuration = one.at(places, places.closedPort);
    if (configuration === null) return;
    expect(await outcome(definition.open(configuration, context).describe(query))).toBe('source_unreachable');
  });

  test('a server that says nothing is given up on', async () => {
    const configuration = one.at(places, places.silentPort);
    if (configuration === null) return;
    const impatient = { ...context, timeouts: { connectMs: 300, requestMs: 300 } };
    expect(await outcome(definition.open(configuration, impatient).describe(query))).toBe(
      'source_unreachable',
    );
  });

  test('describes, previews and inspects the same columns', async () => {
    const source = definition.open(one.working(places), context);
    const columns = await source.describe(query);
    expect(columns).toEqual([{ name: 'id', type: 'integer', nativeType: expect.any(String) }]);
    await expect(source.preview(query, { limit: 1 })).resolves.toMatchObject({ columns, rows: [['1']] });
    await expect(source.inspectKey(query, 'id')).resolves.toMatchObject({ rows: 1, nulls: 0, duplicates: 0 });
  });

  test('an aborted signal starts nothing', async () => {
    const signal = AbortSignal.abort(new Error('left'));
    const source = definition.open(one.working(places), { ...context, signal });
    await expect(source.describe(query)).rejects.toThrow('left');
    await expect(source.introspect()).rejects.toThrow('left');
  });
});

describe.each(present(destinationDefinitions, destinationCases))('destination %s', (slug, definition) => {
  const one = destinationCases[slug] as ConnectorCase;
  const options = freely;
  const operation = (one.sync && operationsOf(configurationOf(one.sync)).added) ?? 'upsert';
  const rows = (count: number, from = 0) =>
    Array.from({ length: count }, (_, index) => ({
      row: { id: from + index, name: `n${from + index}` },
      ...(one.record?.(from + index) ?? { match: from + index, fields: { name: `n${from + index}` } }),
    }));
  const writerOf = (connection: DestinationConnection) =>
    connection.writer(configurationOf(one.sync ?? { object: '', mode: 'upsert' }));

  test('answers once for each record of a batch of any size', async () => {
    const connection = definition.open(one.working(places), context);
    const writer = await writerOf(connection);
    const { batchRowsMax } = writer.limits;
    for (const [round, count] of [0, 1, batchRowsMax].entries()) {
      const { results } = await writer.deliver(recordsOf(operation, rows(count, round * 100_000)), options);
      expect(results.map(({ status }) => status)).toEqual(Array.from({ length: count }, () => 'delivered'));
    }
    const tooMany = await writer.deliver(recordsOf(operation, rows(batchRowsMax + 1, 900_000)), options).then(
      ({ results }) => results.length,
      (error: { code: string }) => error.code,
    );
    expect([batchRowsMax + 1, 'connector_defect']).toContain(tooMany);
    await writer.close();
    await connection.close();
  });

  test('sends nothing that was not admitted', async () => {
    const connection = definition.open(one.working(places), context);
    const writer = await writerOf(connection);
    const admit = async () => {
      throw new NotAdmitted();
    };
    const said = await writer.deliver(recordsOf(operation, rows(2)), { ...freely, admit }).then(
      ({ results }) => results.map((result) => (result.status === 'retry' ? result.code : result.status)),
      (thrown: unknown) => thrown instanceof NotAdmitted,
    );
    expect([true, ['not_sent', 'not_sent']]).toContainEqual(said);
    await writer.close();
    await connection.close();
  });

  test('wrong credentials stop the run with their own code', async () => {
    const configuration = one.wrongCredentials(places);
    if (configuration === null) return;
    const connection = definition.open(configuration, context);
    const sent = writerOf(connection).then((writer) =>
      writer.deliver(recordsOf(operation, rows(1)), options),
    );
    expect(await outcome(sent)).toBe('destination_auth');
    await connection.close();
  });

  test('a server that is not there leaves every row to be sent again', async () => {
    const configuration = one.at(places, places.closedPort);
    if (configuration === null) return;
    const connection = definition.open(configuration, context);
    const sent = await writerOf(connection)
      .then((writer) => writer.deliver(recordsOf(operation, rows(3)), options))
      .then(
        ({ results }) => results.map(({ status }) => status).join(),
        (error: { code: string }) => error.code,
      );
    expect(['destination_unreachable', 'retry,retry,retry']).toContain(sent);
    await connection.close();
  });
});
