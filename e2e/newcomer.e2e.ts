import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, type Page, test } from '@playwright/test';
import { type Customer, createCustomer } from './customer.ts';
import { choose, look, writeSql } from './look.ts';

test.describe.configure({ mode: 'serial' });

let page: Page;
let customer: Customer;
let workspace: string;
let runUrl: string;

test.beforeAll(async ({ browser }, info) => {
  customer = await createCustomer(`shop_${info.project.name}`);
  const { viewport, hasTouch } = info.project.use;
  const context = await browser.newContext({ baseURL: process.env.E2E_URL, viewport, hasTouch });
  page = await context.newPage();
});

test.afterAll(() => page.context().close());

test('signs up and is shown the way', async () => {
  const { name: project } = test.info().project;
  const name = `Newcomer ${project}`;
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await look(page, 'sign in');
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.getByLabel('Your name').fill('Ana Newcomer');
  await page.getByLabel('Work e-mail').fill(`ana.${project}@example.com`);
  await page.getByLabel('Company or team').fill(name);
  await page.getByLabel('Password', { exact: true }).fill('a horse that reads maps');
  await look(page, 'sign up');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { name: 'Getting started' })).toBeVisible();
  workspace = new URL(page.url()).pathname.split('/')[1] ?? '';
  await look(page, 'start page of an empty workspace');
});

test('connects a PostgreSQL source; a wrong password is found by the check', async () => {
  await page.goto(`/${workspace}/sources/new`);
  await look(page, 'catalogue of sources');
  await page.getByRole('link', { name: /^PostgreSQL/ }).click();
  await page.getByLabel('Host').fill(customer.host);
  await page.getByLabel('Port').fill(customer.port);
  await page.getByLabel('Database').fill(customer.database);
  await page.getByLabel('User').fill(customer.user);
  await page.getByLabel('Password').fill('not the password');
  await page.getByLabel('SSL mode').click();
  await page.getByRole('option', { name: /^Disable/ }).click();
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  const signIn = page.getByRole('listitem').filter({ hasText: 'Sign in' });
  await expect(signIn).toContainText('Failed');
  await look(page, 'a failed check');
  await page.getByLabel('Password').fill(customer.password);
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(page.getByText('The connection works.')).toBeVisible();
  await page.getByRole('button', { name: 'Save source' }).click();
  await expect(page.getByText('Connected PostgreSQL.')).toBeVisible();
  await look(page, 'a source');
});

test('writes a model; a query that writes is refused, and the key is checked', async () => {
  await page.goto(`/${workspace}/models/new`);
  const editor = page.getByRole('textbox', { name: 'SQL of the model' });
  await writeSql(editor, 'delete from people returning *');
  await page.getByRole('button', { name: /^Preview/ }).click();
  await expect(page.getByText(/may only read|only read|permission|SELECT/i).first()).toBeVisible();
  await writeSql(editor, 'select id, email, full_name, signed_up from people order by id');
  await page.getByRole('button', { name: /^Preview/ }).click();
  await expect(page.getByText('person1@example.com')).toBeVisible();
  await choose(page, page.getByRole('combobox', { name: /^Primary key/ }), 'id');
  await expect(page.getByText(/40/).first()).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('People');
  await look(page, 'a new model');
  await page.getByRole('button', { name: 'Create model' }).click();
  await expect(page.getByRole('heading', { name: 'People' })).toBeVisible();
});

test('finds a destination by its category, and hears what signing in there needs first', async () => {
  await page.goto(`/${workspace}/destinations/new`);
  const slack = page.getByRole('link', { name: /^Slack/ });
  await expect(slack).toBeVisible();
  await page.getByRole('button', { name: /^CRM/ }).click();
  await expect(slack).toHaveCount(0);
  await look(page, 'catalogue of destinations, one category');
  await page.getByRole('link', { name: /^Salesforce/ }).click();
  await page.getByLabel('Address of the org').fill('https://acme.my.salesforce.com');
  await page.getByLabel('Access', { exact: true }).click();
  await page.getByRole('option', { name: 'Sign in at Salesforce' }).click();
  const connect = page.getByRole('button', { name: 'Connect with Salesforce' });
  await expect(connect).toBeDisabled();
  await page.getByRole('button', { name: 'Save destination' }).click();
  await expect(page.getByText('Salesforce user is missing.')).toBeVisible();
  await expect(connect).toBeFocused();
  await expect(page.getByText(/has to register an app at Salesforce first/).first()).toBeVisible();
  await look(page, 'a destination to sign in at');
});

test('connects an HTTP destination', async () => {
  await page.goto(`/${workspace}/destinations/new/http-request`);
  await page.getByLabel('Base URL').fill(process.env.E2E_ENDPOINT ?? '');
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(page.getByText('The connection works.')).toBeVisible();
  await page.getByRole('button', { name: 'Save destination' }).click();
  await expect(page.getByText('Connected HTTP Request.')).toBeVisible();
});

test('makes a sync, which survives a reload, and dry-runs it', async () => {
  await page.goto(`/${workspace}/syncs/new`);
  await choose(page, page.getByRole('combobox', { name: /^Model/ }), 'People');
  await look(page, 'wizard: model');
  await next();
  await page.getByRole('radio', { name: /HTTP Request/ }).click();
  await next();
  await expect(page.getByRole('group', { name: 'Send for' })).toBeVisible();
  await look(page, 'wizard: object and mode');
  await page.reload();
  await expect(page.getByRole('group', { name: 'Send for' })).toBeVisible();
  await next();
  await expect(page.getByLabel('Live preview')).toContainText('person1@example.com');
  await look(page, 'wizard: requests');
  await next();
  await look(page, 'wizard: schedule');
  await next();
  await page.getByRole('button', { name: 'Start a dry run' }).click();
  await expect(page.getByText('40 rows read')).toBeVisible();
  await look(page, 'wizard: review with a dry run');
});

test('runs it, watches it live, and finds the rejected row and why', async () => {
  await page.getByRole('button', { name: 'Create and run' }).click();
  await page.waitForURL(/\/runs\/\d+/);
  runUrl = page.url().split('?')[0] ?? '';
  await expect(page.getByText('Rows pending').first()).toBeVisible();
  await expect(page.getByRole('link', { name: '39: Delivered added rows' })).toBeVisible();
  await look(page, 'a run with a rejected row');
  await page.getByRole('link', { name: '1: Rejected added rows' }).click();
  await page
    .getByRole('link', { name: /^Row 7, Rejected/ })
    .or(page.getByRole('button', { name: /^Row 7, Rejected/ }))
    .first()
    .click();
  const sheet = page.getByRole('dialog');
  await expect(sheet).toContainText('email is required');
  await expect(sheet).toContainText('Person 7');
  await look(page, 'a rejected row');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Logs' }).click();
  await expect(page.getByText(/40 rows/).first()).toBeVisible();
  await look(page, 'the log of a run');
});

test('fixes the cause and runs again: only that row is sent', async () => {
  await customer.query(`update people set email = 'person7@example.com' where id = 7`);
  await page.getByRole('button', { name: 'Retry' }).click();
  await page.waitForURL((url) => /\/runs\/\d+/.test(url.pathname) && !runUrl.endsWith(url.pathname));
  await expect(page.getByText('Success').first()).toBeVisible();
  await expect(page.getByRole('link', { name: '1: Delivered added rows' })).toBeVisible();
  await expect(page.getByText('40 read, 39 unchanged')).toBeVisible();
});

test('makes a token and lets a script trigger the sync and wait for its end', async () => {
  await page.goto(`/${workspace}/settings/tokens`);
  await page.getByRole('button', { name: 'Create token…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Cron');
  await dialog.getByRole('button', { name: 'Create token' }).click();
  const text = await page.getByRole('dialog').getByText(/^slc_/).first().textContent();
  await look(page, 'a new token');
  const token = (text ?? '').trim();
  await page.getByRole('button', { name: 'I have copied it' }).click();
  const call = async (path: string, method = 'GET') => {
    const response = await fetch(`${process.env.E2E_URL}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(200);
    return response.json();
  };
  const [sync] = (await call('/syncs')).data;
  const { id } = await call(`/syncs/${sync.id}/trigger`, 'POST');
  await expect
    .poll(async () => (await call(`/syncs/${sync.id}/runs?runId=${id}`)).data[0].status, { timeout: 30_000 })
    .toBe('success');

  const cli = resolve(import.meta.dirname, '../packages/cli/bin/sluice.mjs');
  const env = { NODE_ENV: 'production' as const, SLUICE_URL: process.env.E2E_URL, SLUICE_TOKEN: token };
  const run = promisify(execFile)(process.execPath, [cli, 'run', sync.slug, '--wait'], { env });
  expect((await run).stdout).toContain('success');
});

async function next(): Promise<void> {
  await page.getByRole('button', { name: /^(Next|Continue)/ }).click();
}
