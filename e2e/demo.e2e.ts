import { expect, type Page, test } from '@playwright/test';
import { choose, look, writeSql } from './look.ts';

test.describe.configure({ mode: 'serial' });

let page: Page;
const workspace = '/acme-demo';

test.beforeAll(async ({ browser }) => {
  const context = await browser.newContext({
    baseURL: process.env.E2E_URL,
    viewport: { width: 1440, height: 900 },
  });
  page = await context.newPage();
});

test.afterAll(() => page.context().close());

test('shows a sync of the sample data that works already', async () => {
  await page.goto(`${workspace}/syncs`);
  await page.getByLabel('E-mail').fill('demo@sluice.example');
  await page.getByLabel('Password', { exact: true }).fill(process.env.E2E_DEMO_PASSWORD ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('link', { name: /Customers/ }).first()).toBeVisible();
  await expect(page.getByText('Rows pending').first()).toBeVisible({ timeout: 90_000 });
  await look(page, 'list of syncs');
  await page.goto(workspace);
  await expect(page.getByRole('heading', { name: 'Needs attention' })).toBeVisible();
  await look(page, 'start page of the demo');
});

test('says of each rejected row why, in groups', async () => {
  await page.goto(`${workspace}/runs`);
  await look(page, 'list of runs');
  await page
    .getByRole('link', { name: /Customers/ })
    .first()
    .click();
  await expect(page.getByRole('heading', { name: /^Run \d+/ })).toBeVisible();
  await expect(page.getByText('35 rows were not sent')).toBeVisible();
  await page.getByRole('link', { name: /^Rejected reasons/ }).click();
  await expect(page.getByText(/email/).first()).toBeVisible();
  await look(page, 'reasons of rejected rows');
});

test('takes a corrected model, and sends nothing that was delivered before', async () => {
  await page.goto(`${workspace}/models`);
  await look(page, 'list of models');
  await page
    .getByRole('link', { name: /Customers/ })
    .first()
    .click();
  const editor = page.getByRole('textbox', { name: 'SQL of the model' });
  await writeSql(editor, correctedModel);
  await page.getByRole('button', { name: /^Preview/ }).click();
  await expect(
    page
      .getByText('Demo CRM')
      .or(page.getByRole('columnheader', { name: /user_id/ }))
      .first(),
  ).toBeVisible();
  await look(page, 'a model being changed');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('Saved Customers.')).toBeVisible();
  await page.goto(`${workspace}/syncs`);
  await page
    .getByRole('link', { name: /Customers/ })
    .first()
    .click();
  await look(page, 'a sync');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.waitForURL(/\/runs\/\d+/);
  await expect(page.getByText('Success').first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('Nothing had to be sent')).toBeVisible();
});

test('maps field by field, with suggestions and real rows as proof', async () => {
  await page.goto(`${workspace}/syncs/new`);
  await choose(page, page.getByRole('combobox', { name: /^Model/ }), 'Customers');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('radio', { name: /Demo CRM/ }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('radio', { name: /^Upsert/ }).click();
  await look(page, 'wizard: modes of a table');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('combobox', { name: /^Field for full_name/ })).toBeVisible();
  await expect(page.getByLabel('Live preview').getByRole('table')).toBeVisible({ timeout: 30_000 });
  await look(page, 'wizard: mapping');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page
    .getByRole('radio', { name: /Cron/ })
    .or(page.getByRole('button', { name: /Cron/ }))
    .first()
    .click();
  await look(page, 'wizard: cron');
});

const correctedModel = `select u.id as user_id, u.email, trim(u.first_name || ' ' || u.last_name) as full_name,
  a.name as company, a.plan, a.country, coalesce(o.spent, 0) as lifetime_value, u.last_seen_at
from users u
left join accounts a on a.id = u.account_id
left join (select user_id, sum(total) as spent from orders group by user_id) o on o.user_id = u.id
where u.email is not null`;
