import type { CheckResult } from '@sluice/domain/connector';
import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { type HttpServer, startHttpServer } from '@sluice/testing/http-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configurationOf, createTestContext, type TestContext } from '../../__tests__/destination-context.ts';
import { httpRequestDestination } from '../definition.ts';

let server: HttpServer;
let context: TestContext;

beforeEach(async () => {
  server = await startHttpServer();
  context = createTestContext([server.port], { timeouts: { connectMs: 500, requestMs: 1000 } });
});

afterEach(async () => {
  await context.close();
  await server.close();
});

const open = (baseUrl = server.url, headers: unknown = []) =>
  httpRequestDestination.open({ baseUrl, headers }, context);

describe('checks', () => {
  async function check(baseUrl?: string, headers?: unknown): Promise<CheckResult[]> {
    const results: CheckResult[] = [];
    for await (const result of open(baseUrl, headers).check()) results.push(result);
    return results;
  }
  const statuses = (results: CheckResult[]) => results.map(({ status }) => status);

  it('pass with any answer, which is shown', async () => {
    server.handle(() => ({ status: 404, body: { message: 'no such route' } }));
    const results = await check();
    expect(statuses(results)).toEqual(['passed', 'passed', 'passed']);
    expect(results[2]?.message).toContain('answers 404: no such route');
  });

  it('warn about refused credentials and redirects', async () => {
    const headers = [{ name: 'Authorization', value: 'Bearer s3cr3t-t0ken', secret: true }];
    server.handle(() => ({ status: 401, body: 'bad token s3cr3t-t0ken' }));
    const refused = await check(server.url, headers);
    expect(statuses(refused)).toEqual(['passed', 'passed', 'warning']);
    expect(JSON.stringify(refused)).not.toContain('s3cr3t');
    server.handle(() => ({ status: 301, headers: { location: 'https://www.example.com/' } }));
    expect((await check())[2]).toMatchObject({ status: 'warning', message: expect.stringContaining('www') });
  });

  it('stop at the first failure and say what to do', async () => {
    const gone = server.url;
    await server.close();
    const results = await check(gone);
    expect(statuses(results)).toEqual(['passed', 'failed', 'skipped']);
    expect(results[1]?.fix).toContain('firewall');
    server = await startHttpServer();
    expect(statuses(await check('http://10.0.0.1'))).toEqual(['failed', 'skipped', 'skipped']);
    expect(statuses(await check('ftp://example.com'))).toEqual(['failed', 'skipped', 'skipped']);
    expect((await check(server.url, [{ name: 'Host', value: 'x' }]))[0]).toMatchObject({
      status: 'failed',
      message: 'Sluice sets the header Host itself.',
    });
  });
});

describe('validation', () => {
  const validate = (input: Partial<SyncConfigurationInput>) =>
    open(`${server.url}/v1`).validate(
      configurationOf({ object: 'request', mode: 'trigger', triggers: ['added'], ...input }),
      ['id', 'email'],
    );

  it('accepts a sound sync', async () => {
    const added = { url: '/people/{{ row.id }}', body: '{"email": {{ row.email | json }}}' };
    expect(await validate({ options: { added } })).toEqual({});
  });

  it.each<[string, Partial<SyncConfigurationInput>, string, string]>([
    ['another object', { object: 'contacts' }, 'object', 'HTTP request'],
    ['another mode', { mode: 'upsert', options: { added: {} } }, 'mode', 'one mode'],
    ['no trigger', { triggers: [], options: {} }, 'triggers', 'at least one'],
    [
      'a class without request',
      { triggers: ['removed'], options: { added: {} } },
      'options.removed',
      'removed',
    ],
    ['an unknown column', { options: { added: { url: '{{ row.nme }}' } } }, 'options.added.url', '"nme"'],
    ['broken Liquid', { options: { added: { body: '{{ row.id' } } }, 'options.added.body', 'line 1'],
    ['another origin', { options: { added: { url: 'https://x.example' } } }, 'options.added.url', 'origin'],
    ['fixed text that is no JSON', { options: { added: { body: '{a}' } } }, 'options.added.body', 'JSON'],
    [
      'a row in a batch',
      { options: { added: { url: '{{ row.id }}' }, batchSize: 5 } },
      'options.added.url',
      'rows',
    ],
    ['a request that says nothing', { options: { added: { method: 'GET' } } }, 'options.added.url', 'column'],
    [
      'a header of the connection',
      { options: { added: { headers: [{ name: 'Host', value: 'x' }] } } },
      'options.added.headers.0.name',
      'itself',
    ],
    ['an unknown option', { options: { added: {}, retries: 5 } }, 'options', 'retries'],
    [
      'a wrong status',
      { options: { added: {}, answers: { retry: ['6xx'] } } },
      'options.answers.retry.0',
      '404',
    ],
    [
      'results without a sign of refusal',
      { options: { added: {}, rowResults: { path: 'r' } } },
      'options.rowResults.statusField',
      'refused',
    ],
  ])('names %s', async (_, input, path, words) => {
    const problems = await validate(input);
    expect(Object.keys(problems)).toContain(path);
    expect(problems[path]).toContain(words);
  });
});

it('counts every column, and keeps them all only where removed rows are sent', () => {
  const connection = open();
  const sync = (triggers: ('added' | 'removed')[]) =>
    configurationOf({ object: 'request', mode: 'trigger', triggers, options: {} });
  expect(connection.columnsUsed(sync(['added']))).toBe('all');
  expect(connection.columnsForRemoval(sync(['added']))).toEqual([]);
  expect(connection.columnsForRemoval(sync(['added', 'removed']))).toBe('all');
});

it('names the columns of the templates that are sent, those over whole batches aside', () => {
  const template = (url: string, body = '') => ({ method: 'POST', url, bodyType: 'text', body });
  const named = (triggers: ('added' | 'changed')[]) =>
    open().columnsNamed(
      configurationOf({
        object: 'request',
        mode: 'trigger',
        triggers,
        options: {
          added: {
            ...template('/p/{{ row.id }}', '{{ row["E-mail"] }} {{ context.run-id }}'),
            headers: [{ name: 'X-Plan', value: '{{ row.plan }}' }],
          },
          changed: template('/p', '{% for row in rows %}{{ row.name }}{% endfor %}'),
        },
      }),
    );
  expect([...named(['added', 'changed'])].toSorted()).toEqual(['E-mail', 'id', 'plan']);
  expect(named(['changed'])).toEqual([]);
});
