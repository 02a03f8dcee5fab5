// Rows that went wrong: corrected and sent again, taken back, and found later by their key.
import { expect, type Page, test } from '@playwright/test';
import { type Customer, createCustomer } from './customer.ts';
import { look } from './look.ts';
import { makeSync } from './make-sync.ts';
import { operations } from './operations.ts';

test.describe.configure({ mode: 'serial', timeout: 240_000 });

let page: Page;
let customer: Customer;
const { slug: workspace, email, password } = operations();

test.beforeAll(async ({ browser }, info) => {
  customer = await createCustomer(`repair_${info.project.name}`);
  await customer.query(
    `create table contacts (id int primary key, email text, full_name text);
     grant select, insert, update, delete on contacts to ${customer.user}`,
  );
  const { viewport, hasTouch } = info.project.use;
  const context = await browser.newContext({ baseURL: process.env.E2E_URL, viewport, hasTouch });
  page = await context.newPage();
  await page.goto(`/${workspace}/syncs`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Syncs' })).toBeVisible();
});

test.afterAll(() => page.context().close());

test('corrects a rejected row and sends just that one again', async () => {
  const sync = await makeSync(customer, {
    name: `people-to-api-${test.info().project.name}`,
    sql: 'select id, email, full_name from people',
    destination: 'http',
    configuration: {
      object: 'request',
      mode: 'trigger',
      triggers: ['added', 'changed'],
      options: { added: { method: 'POST', url: '/people' }, changed: { method: 'PUT', url: '/people' } },
    },
  });
  await run(sync);
  await expect(page.getByText('Not all rows were delivered: 1 rejected')).toBeVisible();
  const broken = page.url().split('?')[0] ?? '';
  await page.getByRole('link', { name: '1: Rejected added rows' }).click();
  await page.getByRole('button', { name: /^Row 7, Rejected/ }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('button', { name: 'Correct and replay' }).click();
  await sheet.getByLabel('email', { exact: true }).fill('person7@example.com');
  await look(page, 'a row being corrected');
  await sheet.getByRole('button', { name: 'Choose with this correction' }).click();
  await expect(page.getByText('1 row chosen, 1 corrected')).toBeVisible();
  await page.getByRole('button', { name: 'Replay…' }).click();
  await expect(sheet.getByText('person7@example.com').first()).toBeVisible();
  await look(page, 'what a replay would send');
  await sheet.getByRole('button', { name: 'Replay', exact: true }).click();
  await page.waitForURL((url) => /\/runs\/\d+/.test(url.pathname) && !broken.endsWith(url.pathname));
  await expect(page.getByText('Success').first()).toBeVisible();
  await expect(page.getByRole('link', { name: '1: Delivered added rows' })).toBeVisible();
  await expect(page.getByText('Replay', { exact: true }).first()).toBeVisible();
  await look(page, 'a replay');

  // The correction holds: the model still has no address, and the row is not sent again.
  await run(sync);
  await expect(page.getByText('Nothing had to be sent')).toBeVisible();
});

test('shows what happened to a row, over all runs', async () => {
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByPlaceholder('Go to, search, or do…').fill('what happened to a row');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Find a row by its primary key')).toBeVisible();
  await look(page, 'row history before a key is named');
  await page.getByLabel('Primary key').fill('7');
  await page.keyboard.press('Enter');
  const history = page.getByRole('table', { name: 'History of row 7' });
  await expect(history.getByText('Delivered')).toBeVisible();
  await expect(history.getByText('Rejected')).toBeVisible();
  await look(page, 'history of a row');
  await history.getByRole('link', { name: /Rejected$/ }).click();
  await expect(page.getByRole('dialog')).toContainText('email is required');
  await page.keyboard.press('Escape');
});

test('takes back what a run changed, after showing it field by field', async () => {
  const sync = await makeSync(customer, {
    name: `people-to-contacts-${test.info().project.name}`,
    sql: 'select id, email, full_name from people',
    destination: 'postgresql',
    configuration: {
      object: 'public.contacts',
      mode: 'upsert',
      matchKey: { from: 'id', to: 'id' },
      mappings: ['email', 'full_name'].map((name) => ({ type: 'column', from: name, to: name })),
    },
  });
  await run(sync);
  await expect(page.getByText('Success').first()).toBeVisible();
  await customer.query(`update people set full_name = 'Nobody' where id <= 3`);

  await page.goto(`/${workspace}/syncs/${sync}/configuration`);
  await page.getByRole('button', { name: 'Start a dry run' }).click();
  const changes = page.getByRole('table', { name: 'Changes of 1' });
  await expect(changes).toContainText('Person 1');
  await expect(changes).toContainText('Nobody');
  await look(page, 'a dry run by field');

  await run(sync);
  await expect(page.getByRole('link', { name: '3: Delivered changed rows' })).toBeVisible();
  const mistaken = page.url().split('?')[0] ?? '';
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Revert this run…' }).click();
  const sheet = page.getByRole('dialog');
  await expect(sheet.getByRole('table', { name: 'Changes of 1' })).toContainText('Person 1');
  await look(page, 'what a revert would send back');
  await sheet.getByRole('button', { name: 'Revert the run' }).click();
  await page.waitForURL((url) => /\/runs\/\d+/.test(url.pathname) && !mistaken.endsWith(url.pathname));
  await expect(page.getByText('Success').first()).toBeVisible();
  await expect(page.getByRole('link', { name: '3: Delivered changed rows' })).toBeVisible();
  const { rows } = await customer.rows('select full_name from contacts where id <= 3 order by id');
  expect(rows).toEqual([1, 2, 3].map((id) => ({ full_name: `Person ${id}` })));
});

test('asks before an edit what becomes of rows delivered before', async () => {
  await page
    .getByRole('link', { name: /People/ })
    .first()
    .click();
  await page.getByRole('link', { name: 'Configuration' }).click();
  await page.getByRole('radio', { name: /^Update/ }).click();
  await page.getByRole('button', { name: 'Save changes' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('What the change does')).toBeVisible();
  await look(page, 'the effect of an edit');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
});

/** Runs the sync on its page and waits for the end. */
async function run(syncId: number): Promise<void> {
  await page.goto(`/${workspace}/syncs/${syncId}`);
  await page.getByRole('button', { name: 'Run', exact: true }).first().click();
  await page.waitForURL(/\/runs\/\d+/);
  await expect(page.getByRole('button', { name: /^(Run again|Retry)$/ })).toBeVisible({ timeout: 60_000 });
}
