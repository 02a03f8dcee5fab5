import { generateKeyPairSync } from 'node:crypto';
// Secrets are planted through every door there is, the product is used, and then nothing that leaves it or stays in it
// may hold one of them: no answer, log line, table (the queue's included) or file.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { destinationDefinitions, sourceDefinitions } from '@sluice/connectors/registry';
import { type ConfigField, secretSet } from '@sluice/domain/field';
import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { SyncConfiguration } from '@sluice/domain/sync';
import { signUp } from '@sluice/services/account/sign-up';
import { createDestination } from '@sluice/services/destination/create-destination';
import { updateDestination } from '@sluice/services/destination/update-destination';
import { createSource } from '@sluice/services/source/create-source';
import { openSshKeys } from '@sluice/services/ssh-key/load-ssh-key';
import { createSync } from '@sluice/services/sync/create-sync';
import { dumpTables } from '@sluice/services/testing/dump-tables';
import { openTestWorld, type TestWorld } from '@sluice/services/testing/open-test-world';
import { clientCertificate } from '@sluice/testing/certificates';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handleRest } from '../rest/handle-rest.ts';
import { createContext } from '../trpc/context.ts';
import { createCaller } from '../trpc/router.ts';

let world: TestWorld;
let session: { userId: number; sessionVersion: number };
const canaries: string[] = [];
/** Everything that left the product, with where it came from. */
const answers: { from: string; text: string }[] = [];

/** A secret that no encoding leaves as it is. */
function canary(name: string): string {
  const secret = `canary/${name}+"${canaries.length}" ~ä`;
  canaries.push(secret);
  return secret;
}
/** Header values are plain ASCII. */
function headerCanary(name: string): string {
  const secret = `Bearer canary/${name}+"${canaries.length}" ~`;
  canaries.push(secret);
  return secret;
}

/** A key that is taken for one: no spaces, plain ASCII. */
function keyCanary(name: string): string {
  const secret = `canary/${name}+"${canaries.length}"~`;
  canaries.push(secret);
  return secret;
}
/** A real key: what must not be found is a line of it. */
function privateKey(): string {
  const { privateKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
  canaries.push(pem.split('\n')[5] ?? '');
  return pem;
}

/** A key is only taken together with its certificate. */
function clientPair(): { sslCert: string; sslKey: string } {
  const { cert, key } = clientCertificate;
  canaries.push(key.split('\n')[2] ?? '');
  return { sslCert: cert, sslKey: key };
}

function filled(fields: readonly ConfigField[], name: string): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  // Keys of APIs travel in headers, and are refused where they could not.
  const toApi = fields.some((field) => field.name === 'baseUrl');
  for (const field of fields) {
    const place = `${name}.${field.name}`;
    if (field.name === 'privateKey') values[field.name] = privateKey();
    else if (field.name === 'sslKey') Object.assign(values, clientPair());
    else if (field.name === 'serviceAccountKey') {
      values[field.name] = JSON.stringify({ client_email: 'x@example.com', private_key: privateKey() });
    } else if (field.name === 'passphrase') continue;
    else if (field.kind === 'headers') {
      values[field.name] = [{ name: 'X-Key', value: headerCanary(place), secret: true }];
    } else if (field.secret) values[field.name] = toApi ? keyCanary(place) : canary(place);
    else if (field.default !== undefined) values[field.name] = field.default;
    else if (field.required) {
      const isUrl = field.name.toLowerCase().endsWith('url');
      values[field.name] = isUrl ? 'https://api.invalid' : (field.placeholder ?? 'x');
    }
  }
  return values;
}

beforeAll(async () => {
  world = await openTestWorld();
  const { actor } = world;
  const { identity } = actor;
  if (identity.kind !== 'user') throw new Error('the world belongs to a person');
  session = { userId: identity.userId, sessionVersion: 1 };
});
afterAll(() => world.close());

test('a planted secret is found nowhere', async () => {
  const { ctx, actor, server } = world;
  await signUp(
    ctx,
    { name: 'Cy', email: 'cy@example.com', password: canary('sign-up'), organisationName: 'Cy' },
    { address: '192.0.2.1' },
  );

  const types = [...Object.values(sourceDefinitions), ...Object.values(destinationDefinitions)];
  for (const definition of types) {
    const create = Object.hasOwn(sourceDefinitions, definition.slug) ? createSource : createDestination;
    const configuration = filled(definition.fields, definition.slug);
    keep(
      `create ${definition.slug}`,
      await create(ctx, actor, { name: definition.name, type: definition.slug, configuration }),
    );
  }

  // A destination that sends our secret back, in its answer and its headers, and refuses the rows with it.
  const key = headerCanary('echoed');
  const echo = await createDestination(ctx, actor, {
    name: 'Echo',
    type: 'http-request',
    configuration: { baseUrl: server.url, headers: [{ name: 'X-Key', value: key, secret: true }] },
  });
  server.handle(({ headers }) => ({
    status: 422,
    headers: { 'x-echo': headers['x-key'] ?? '' },
    body: {
      error: `not with ${headers['x-key']}`,
      base64: Buffer.from(headers['x-key'] ?? '').toString('base64'),
    },
  }));
  await world.target.run('create table public.people (id int)', 'insert into public.people values (1), (2)');
  const modelId = await world.model({ sql: 'select id from public.people' });
  const wanted: SyncConfigurationInput = {
    object: 'request',
    mode: 'trigger',
    triggers: ['added'],
    options: { added: { method: 'POST', url: '/people' } },
  };
  const configuration = SyncConfiguration.parse(wanted);
  const sync = await createSync(
    ctx,
    actor,
    { modelId, destinationId: echo.id, configuration, schedule: null, disabled: false, tags: {} },
    { signal: AbortSignal.timeout(10_000) },
  );
  const run = await world.run(sync.id);
  expect(run).toMatchObject({ status: 'warning', counts: { rejected: { added: 2 } } });
  expect(server.requests.map(({ headers }) => headers['x-key'])).toContain(key);
  // Kept by its dots, replaced by a new one: the audit log may know that, and no more.
  const headers = [{ name: 'X-Key', value: secretSet, secret: true }];
  await updateDestination(ctx, actor, { id: echo.id, configuration: { baseUrl: server.url, headers } });
  headers[0] = { name: 'X-Key', value: headerCanary('replaced'), secret: true };
  await updateDestination(ctx, actor, { id: echo.id, configuration: { baseUrl: server.url, headers } });

  await askTheConsole(echo.id, sync.id, run.id, modelId);
  await askTheApi();

  const dump = await dumpTables(ctx);
  expect([...dump.keys()].some((table) => table.startsWith('bullmq.'))).toBe(true);
  for (const [table, rows] of dump) answers.push({ from: `table ${table}`, text: rows.join('\n') });
  for (const path of await filesBelow(ctx.settings.dataDirectory)) {
    answers.push({ from: `file ${path}`, text: await readText(path) });
  }
  answers.push({ from: 'log', text: ctx.logged.join('') });
  // The answers that held the secret were kept: what is missing in them is only the secret.
  const texts = answers.filter(({ text }) => text.includes(`not with ${secretSet}`)).map(({ from }) => from);
  expect(texts).toEqual(
    expect.arrayContaining(['run.row', 'sync.testRow', expect.stringContaining('exchanges')]),
  );

  expect(canaries.length).toBeGreaterThanOrEqual(6);
  const found = canaries.flatMap((secret) =>
    formsOf(secret).flatMap((form) =>
      answers.filter(({ text }) => text.includes(form)).map(({ from }) => `${secret} in ${from}`),
    ),
  );
  expect(found).toEqual([]);
}, 60_000);

async function askTheConsole(destinationId: number, syncId: number, runId: number, modelId: number) {
  const context = createContext({
    session,
    workspaceSlug: 'acme',
    requestId: 'test',
    address: '192.0.2.1',
    services: world.ctx,
  });
  const caller = createCaller(context);
  const created = await caller.token.create({ name: 'ci', scope: 'admin' });
  token = created.secret;
  const { url } = await caller.invitation.create({ role: 'viewer' });
  canaries.push(created.secret, url.split('/').at(-1) ?? url);
  keep('sshKey.get', await caller.sshKey.get());
  keep('sshKey.rotate', await caller.sshKey.rotate());
  for (const { privateKey } of await openSshKeys(world.ctx, world.actor.workspaceId))
    canaries.push(privateKey.split('\n')[2] ?? '');
  const sources = await caller.source.list();
  const destinations = await caller.destination.list();
  keep('source.list', sources);
  keep('destination.list', destinations);
  const dbt = await caller.dbtProject.create({
    name: 'dbt',
    sourceId: sources[0]?.id ?? 0,
    url: `${world.server.url}/manifest.json`,
    header: { name: 'X-Key', value: headerCanary('dbt') },
  });
  keep('dbtProject.create', dbt);
  keep('dbtProject.refresh', await outcomeOf(caller.dbtProject.refresh({ id: dbt.id })));
  keep('dbtProject.list', await caller.dbtProject.list({}));
  for (const { id, type, configuration } of sources) {
    keep('source.get', await caller.source.get({ id }));
    if (!holdsSecrets(type)) continue;
    keep('source.check', await caller.source.check({ id, type, configuration }));
    keep('source.schema', await outcomeOf(caller.source.schema({ id })));
    keep('source.searchColumns', await outcomeOf(caller.source.searchColumns({ id, search: 'id' })));
  }
  // There are more kinds of connections than a workspace may check in a minute.
  await world.ctx.limits.reset('check', world.actor.workspaceId);
  for (const { id, type, configuration } of destinations) {
    keep('destination.get', await caller.destination.get({ id }));
    keep('destination.check', await caller.destination.check({ id, type, configuration }));
    keep('destination.objects', await outcomeOf(caller.destination.objects({ id })));
  }
  const configuration = (await caller.sync.get({ id: syncId })).configuration;
  const draft = { id: syncId, modelId, destinationId, configuration };
  keep('sync.testRow', await caller.sync.testRow(draft));
  keep('sync.dryRun', await caller.sync.dryRun(draft));
  keep('sync.previewRows', await caller.sync.previewRows(draft));
  keep('sync.list', await caller.sync.list());
  keep('run.list', await caller.run.list({}));
  keep('run.events', await caller.run.events({ runId }));
  keep('run.reasons', await caller.run.reasons({ runId }));
  const rows = await caller.run.rows({ runId });
  keep('run.rows', rows);
  for (const { seq } of rows.items) keep('run.row', await caller.run.row({ runId, seq }));
  keep('token.list', await caller.token.list());
  keep('invitation.list', await caller.invitation.list());
  keep('audit.list', await caller.audit.list({}));
  keep('account.get', await caller.account.get());
  keep('connector.sources', await caller.connector.sources());
}

let token = '';

async function askTheApi() {
  for (const path of ['sources', 'destinations', 'models', 'syncs']) {
    const request = new Request(`http://sluice.example/api/v1/${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const response = await handleRest(world.ctx, request, { address: '192.0.2.1' });
    expect(response.status).toBe(200);
    answers.push({ from: `GET /${path}`, text: await response.text() });
  }
}

const keep = (from: string, answer: unknown) => answers.push({ from, text: JSON.stringify(answer) });

/** Connections without any, such as the sample data, have nothing to leak and much to do. */
const holdsSecrets = (type: string) =>
  sourceDefinitions[type]?.fields.some((field) => field.secret || field.kind === 'headers') ?? false;

/** What a call answered, or the whole of its refusal. */
const outcomeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.catch((error: Error) => ({
    message: error.message,
    stack: error.stack,
    cause: { ...(error.cause as object) },
  }));

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('hex'),
    // What is left when only the scheme of a header was cut off.
    secret.replace(/^Bearer /, ''),
  ];
}

/** A file as text; packed ones (exchanges: one gzip member after the other) unpacked. */
async function readText(path: string): Promise<string> {
  const bytes = await readFile(path);
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
