// A model that follows dbt: picked from a manifest, sent on, renamed by a newer manifest, and started by a build.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, type Page, test } from '@playwright/test';
import { type DbtNodeSpec, dbtManifest, dbtRunResults } from '@sluice/testing/dbt/artifacts';
import { type Customer, createCustomer } from './customer.ts';
import { choose, look } from './look.ts';
import { create } from './make-sync.ts';
import { configurationOf, operations } from './operations.ts';

test.describe.configure({ mode: 'serial' });

const { slug: workspace, email, password, token } = operations();
let page: Page;
let customer: Customer;
let source: number;
let projectUrl: string;
let modelUrl: string;

test.beforeAll(async ({ browser }, info) => {
  customer = await createCustomer('built');
  await customer.query(`create schema analytics; grant usage on schema analytics to built_reader;
    create view analytics.customers as select id, email from people;
    create view analytics.orders as select id from people; grant select on all tables in schema analytics to built_reader`);
  const configuration = configurationOf(customer);
  source = await create('/sources', {
    name: 'Warehouse',
    slug: 'warehouse',
    type: 'postgresql',
    configuration,
  });
  const { viewport, hasTouch } = info.project.use;
  const context = await browser.newContext({ baseURL: process.env.E2E_URL, viewport, hasTouch });
  page = await context.newPage();
  await page.goto(`/${workspace}/sources/${source}?tab=used`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
});

test.afterAll(() => page.context().close());

test('adds a dbt project with the keyboard, and is told which file it wants', async () => {
  await expect(page.getByText('Send its manifest.json after each build.')).toBeVisible();
  await look(page, 'a source without a dbt project');
  await page.getByRole('button', { name: 'Add a dbt project' }).press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Add project' }).press('Enter');
  await expect(dialog.getByLabel('Name', { exact: true })).toBeFocused();
  await dialog.getByLabel('Name', { exact: true }).fill('Shop');
  await look(page, 'adding a dbt project');
  await dialog.getByLabel('Name', { exact: true }).press('Enter');
  await expect(page.getByRole('heading', { name: 'Send the first manifest' })).toBeVisible();
  projectUrl = page.url();
  await look(page, 'a dbt project without a manifest');
  await chooseFile('run_results.json', dbtRunResults({ results: {} }));
  await expect(page.getByText('The manifest was not read.')).toBeVisible();
  await look(page, 'a file that is no manifest');
});

test('takes a manifest, after looking at what it brings', async () => {
  await chooseFile('manifest.json', manifest(1, [customers, orders, ephemeral]));
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('Added: 3')).toBeVisible();
  await look(page, 'what a first manifest brings');
  await dialog.getByRole('button', { name: 'Take it' }).click();
  await expect(page.getByText('Took the manifest of Shop.')).toBeVisible();
  await expect(page.getByText('The people who buy.')).toBeVisible();
  await look(page, 'a dbt project with models');
});

test('picks a dbt model as the rows of a model', async () => {
  await page.goto(`/${workspace}/models/new?source=${source}`);
  await page.getByRole('radio', { name: 'dbt model' }).click();
  await page.getByRole('searchbox', { name: 'Search dbt models' }).fill('buy');
  await expect(page.getByRole('button', { name: 'Choose orders' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Choose customers' }).press('Enter');
  await expect(page.getByText('person1@example.com')).toBeVisible();
  await choose(page, page.getByRole('combobox', { name: /^Primary key/ }), 'id');
  await page.getByLabel('Name', { exact: true }).fill('Customers');
  await look(page, 'a new model that follows dbt');
  await page.getByRole('button', { name: 'Create model' }).click();
  await expect(page.getByText('It follows the dbt model model.shop.customers.')).toBeVisible();
  modelUrl = page.url();
  await look(page, 'a model that follows dbt');
  await makeSync(Number(/\d+$/.exec(new URL(modelUrl).pathname)?.[0]));
});

test('sees what a newer manifest does before anything changes, and goes along with a rename', async () => {
  await page.goto(projectUrl);
  await chooseFile('manifest.json', manifest(2, [orders, ephemeral]));
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('removed', { exact: true })).toBeVisible();
  await look(page, 'a manifest without a model that is followed');
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await customer.query(
    'create or replace view analytics.customers as select id, email from people where email is not null',
  );
  await chooseFile('manifest.json', manifest(2, [clients, orders, ephemeral]));
  await expect(dialog.getByText('renamed', { exact: true })).toBeVisible();
  await dialog.getByText('Renamed: 1').click();
  await expect(dialog.getByText('model.shop.customers → model.shop.clients')).toBeVisible();
  await look(page, 'a manifest that renames a model');
  await dialog.getByRole('button', { name: 'Take it' }).click();
  await expect(page.getByText('Took the manifest of Shop.')).toBeVisible();
  await page.goto(modelUrl);
  await expect(page.getByText(/dbt renamed model\.shop\.customers to model\.shop\.clients/)).toBeVisible();
  await look(page, 'a model that dbt renamed');
});

test('a failed build starts nothing; one that works starts the sync, and the console says so', async () => {
  const failed = await push('error');
  expect(failed.code, failed.output).toBe(4);
  await page.goto(projectUrl);
  await expect(page.getByText('0 built, 1 failed')).toBeVisible();
  await look(page, 'a dbt build that failed');
  const built = await push('success');
  expect(built.code, built.output).toBe(0);
  await page.reload();
  await expect(page.getByText('1 built, 0 failed')).toBeVisible();
  await look(page, 'a dbt build that started a sync');
  await page.setViewportSize({ width: 390, height: 844 });
  await look(page, 'a dbt project, on a phone');
  await page.getByRole('link', { name: /^run \d+$/ }).click();
  // The person without an address is not in the newer SQL.
  await expect(page.getByRole('link', { name: '39: Delivered added rows' })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('Success').first()).toBeVisible();
});

const customers: DbtNodeSpec = {
  name: 'customers',
  database: 'built',
  description: 'The people who buy.',
  rawSql: 'select id, email from people',
  compiledSql: 'select id, email from people',
  columns: { id: 'Key', email: 'Where letters go' },
  tags: ['crm', 'daily'],
};
/** Another name, file and SQL: only its alias, and so its relation, is the same. */
const clients: DbtNodeSpec = {
  ...customers,
  name: 'clients',
  relation: '"built"."analytics"."customers"',
  rawSql: 'select id, email from people where email is not null',
  compiledSql: 'select id, email from people where email is not null',
};
const orders: DbtNodeSpec = { name: 'orders', database: 'built', compiledSql: 'select id from people' };
const ephemeral: DbtNodeSpec = {
  name: 'letters',
  materialized: 'ephemeral',
  database: 'built',
  compiledSql: 'select email from people',
};

/** A manifest that was written so many minutes after the first one. */
const manifest = (minute: number, nodes: readonly DbtNodeSpec[]) =>
  dbtManifest({
    nodes,
    generatedAt: `2026-11-22T06:0${minute}:00.000000Z`,
    exposures: nodes.includes(customers) ? [{ name: 'churn', on: ['customers'] }] : [],
  });

async function chooseFile(name: string, content: object): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose manifest.json' }).click();
  const buffer = Buffer.from(JSON.stringify(content));
  await (await chooser).setFiles({ name, mimeType: 'application/json', buffer });
}

async function makeSync(modelId: number): Promise<void> {
  const endpoint = { baseUrl: process.env.E2E_ENDPOINT ?? '', headers: [] };
  const destinationId = await create('/destinations', {
    name: 'Letters',
    slug: 'letters',
    type: 'http-request',
    configuration: endpoint,
  });
  await create('/syncs', {
    slug: 'customers-to-letters',
    modelId,
    destinationId,
    configuration: {
      object: 'request',
      mode: 'trigger',
      triggers: ['added'],
      options: { added: { method: 'POST', url: '/people' } },
    },
  });
}

/** What `sluice dbt push --trigger` says after a build with this result, and the code that it ends with. */
async function push(result: 'success' | 'error'): Promise<{ code: number; output: string }> {
  const target = await mkdtemp(join(tmpdir(), 'sluice-e2e-dbt-'));
  const results = dbtRunResults({
    invocationId: crypto.randomUUID(),
    results: { 'model.shop.clients': result },
  });
  await writeFile(join(target, 'manifest.json'), JSON.stringify(manifest(2, [clients, orders, ephemeral])));
  await writeFile(join(target, 'run_results.json'), JSON.stringify(results));
  const cli = resolve(import.meta.dirname, '../packages/cli/bin/sluice.mjs');
  const env = { NODE_ENV: 'production' as const, SLUICE_URL: process.env.E2E_URL, SLUICE_TOKEN: token };
  const command = [cli, 'dbt', 'push', '--project', 'shop', '--target', target, '--trigger'];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, command, { env });
    return { code: 0, output: stdout };
  } catch (thrown) {
    const { code, stdout, stderr } = thrown as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  } finally {
    await rm(target, { recursive: true });
  }
}
