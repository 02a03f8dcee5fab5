import { expect, type Page, test } from '@playwright/test';
import {
  openReplay,
  type ReplayTarget,
  replayConfiguration,
} from '@sluice/testing/client-replay/open-replay';
import { type Customer, createCustomer } from './customer.ts';
import { choose, look } from './look.ts';
import { configurationOf, operations } from './operations.ts';

test.describe.configure({ mode: 'serial' });

let page: Page;
let customer: Customer;
const { slug: workspace, email, password, token, send } = operations();

test.beforeAll(async ({ browser }, info) => {
  customer = await createCustomer('nightly');
  await customer.query(`create table orders (id int primary key, email text not null);
    insert into orders values (1, 'ana@example.com'); grant select on orders to nightly_reader`);
  const database = configurationOf(customer);
  const prefix = 'nightly';
  const target = await openReplay(send, {
    token,
    prefix,
    database,
    endpoint: process.env.E2E_ENDPOINT ?? '',
  });
  await makeSync(target, 'nightly-orders', 'select id, email from orders');
  const { viewport, hasTouch } = info.project.use;
  const context = await browser.newContext({ baseURL: process.env.E2E_URL, viewport, hasTouch });
  page = await context.newPage();
});

test.afterAll(() => page.context().close());

test('makes a sequence of syncs, each with what happens after it', async () => {
  await page.goto(`/${workspace}/sequences`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('link', { name: 'Create a sequence' }).first()).toBeVisible();
  await look(page, 'no sequences yet');
  await page.getByRole('link', { name: 'Create a sequence' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('After the build');
  const steps = page.getByRole('list', { name: 'Steps' }).getByRole('listitem');
  await choose(page, steps.nth(0).getByRole('combobox', { name: /^Sync/ }), 'nightly → nightly');
  await page.getByRole('button', { name: 'Add a step' }).click();
  await choose(page, steps.nth(1).getByRole('combobox', { name: /^Sync/ }), 'nightly-orders → nightly');
  await page.getByRole('button', { name: 'Add a step' }).click();
  await choose(page, steps.nth(2).getByRole('combobox', { name: /^Sync/ }), 'nightly → nightly');
  await page.getByRole('radio', { name: /^Cron/ }).click();
  await look(page, 'a new sequence');
  await page.getByRole('button', { name: 'Create sequence' }).click();
  await expect(page.getByRole('heading', { name: 'After the build' })).toBeVisible();
});

test('runs it and watches each step until it is done', async () => {
  await page.getByRole('button', { name: 'Run', exact: true }).first().click();
  const run = page.getByRole('list', { name: 'Steps of the run' }).getByRole('listitem');
  await expect(run).toHaveCount(3);
  for (let step = 0; step < 3; step += 1)
    await expect(run.nth(step).getByText('Success')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('Done', { exact: true }).first()).toBeVisible();
  await look(page, 'a sequence that is done');
});

test('stops at the step that fails, says why, and leads to its run', async () => {
  await customer.query('drop table orders');
  await page.getByRole('button', { name: 'Run', exact: true }).first().click();
  await expect(page.getByText('The sequence stopped.')).toBeVisible({ timeout: 60_000 });
  const run = page.getByRole('list', { name: 'Steps of the run' }).getByRole('listitem');
  await expect(run.nth(0).getByText('Success')).toBeVisible();
  await expect(run.nth(1).getByText('Failed')).toBeVisible();
  await expect(run.nth(2).getByText('Not run')).toBeVisible();
  await expect(page.getByText(/Step 2 of 3, "nightly-orders": run \d+ failed/)).toBeVisible();
  await look(page, 'a sequence with a failed step');
  await run
    .nth(1)
    .getByRole('link', { name: /^Run \d+/ })
    .click();
  await expect(page.getByRole('heading', { name: /^Run \d+/ })).toBeVisible();
  await expect(page.getByText(/orders/).first()).toBeVisible();
  await page.goBack();
});

test('lets its schedule rest, and takes it up again', async () => {
  await page.getByRole('switch', { name: 'Schedule on' }).click();
  await expect(page.getByRole('switch', { name: 'Schedule paused' })).toBeVisible();
  await expect(page.getByText('(paused)')).toBeVisible();
  await page.reload();
  await page.getByRole('switch', { name: 'Schedule paused' }).click();
  await expect(page.getByText(/Next run/)).toBeVisible();
  await page.goto(`/${workspace}/sequences`);
  await expect(page.getByRole('link', { name: 'After the build' })).toBeVisible();
  await look(page, 'list of sequences');
});

async function makeSync(target: ReplayTarget, slug: string, sql: string): Promise<void> {
  const source = (await target.get('/api/v1/sources?slug=nightly')).json.data[0];
  const body = { name: slug, slug, sourceId: source.id, primaryKey: 'id', raw: { sql } };
  const model = await target.sendJson('POST', '/api/v1/models', body);
  expect(model.status, model.text).toBe(200);
  const sync = await target.sendJson('POST', '/api/v1/syncs', {
    slug,
    modelId: model.json.id,
    destinationId: target.destinationId,
    configuration: replayConfiguration,
  });
  expect(sync.status, sync.text).toBe(200);
}
